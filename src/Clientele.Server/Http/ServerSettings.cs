using System.Net;

namespace Clientele.Server.Http;

/// <summary>The settings outside of sections.</summary>
internal sealed class ServerSettings : IValidatableObject
{
    /// <summary>An SQLite file or a PostgreSQL connection string; null for a file in the user's data folder.</summary>
    public string? Database { get; set; }

    /// <summary>The addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; set; } = "http://localhost:8000";

    /// <summary>The address at which clients reach the service. All links use it.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>The host names that the service accepts, separated by semicolons; all if neither this nor <see cref="PublicUrl"/> is set.</summary>
    public string? AllowedHosts { get; set; }

    /// <summary>Addresses or networks of proxies whose forwarded headers are used.</summary>
    public IList<string> Proxies { get; } = [];

    /// <summary>The public address; null if none is set.</summary>
    public Uri? PublicAddress => IsPublic(PublicUrl) ? new Uri(PublicUrl!) : null;

    /// <summary>The host of the public address, with the port if it is not the scheme's default.</summary>
    public HostString PublicHost => PublicAddress is not { } address ? default
        : address.IsDefaultPort ? new(address.IdnHost)
        : new(address.IdnHost, address.Port);

    /// <summary>The path of the public address; empty for none.</summary>
    public PathString PathBase => new(PublicAddress?.AbsolutePath.TrimEnd('/'));

    /// <summary>The address that links in mails begin with: the public one, or the first that the service listens on.</summary>
    public string LinkAddress => PublicAddress is { } address ? address.AbsoluteUri.TrimEnd('/') : Listening(Urls.Split(';')[0].Trim());

    /// <summary>The hosts that the service accepts; empty for all.</summary>
    public IReadOnlyList<string> Hosts => PublicAddress is { } address ? [.. AllowedNames, address.Host, address.IdnHost] : [.. AllowedNames];

    private IEnumerable<string> AllowedNames => (AllowedHosts ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static IPNetwork? Network(string proxy)
    {
        var text = proxy.Trim();
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network) ? network : null;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var url in Urls.Split(';', StringSplitOptions.RemoveEmptyEntries).DefaultIfEmpty(Urls).Where(url => !IsAddress(url.Trim())))
        {
            yield return new($"Urls: must be addresses such as http://localhost:8000, separated by semicolons, not {Errors.Cut(url)}.");
        }

        if (!string.IsNullOrEmpty(PublicUrl) && !IsPublic(PublicUrl))
        {
            yield return new($"PublicUrl: must be an address such as https://shop.example or https://shop.example/accounts, not {Errors.Cut(PublicUrl)}.");
        }

        foreach (var host in AllowedNames.Where(host => !IsHost(host)))
        {
            yield return new(
                "AllowedHosts: must be names without scheme and port, separated by semicolons, such as shop.example;*.shop.example, "
                + $"not {Errors.Cut(host)}.");
        }

        foreach (var (i, proxy) in Proxies.Index().Where(one => Network(one.Item) is null))
        {
            yield return new($"Proxies:{i}: must be an address or a network such as 10.0.0.1 or 10.0.0.0/8, not {Errors.Cut(proxy)}.");
        }
    }

    private static string Listening(string url)
    {
        var address = BindingAddress.Parse(url);
        var host = address.IsUnixPipe || address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return address.IsUnixPipe ? $"{address.Scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}");
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.PathBase.Length == 0
                && (address.IsUnixPipe || (address.Port is >= 0 and <= IPEndPoint.MaxPort && address.Host.Length > 0));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsPublic(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        && address.Query.Length == 0 && address.Fragment.Length == 0 && address.UserInfo.Length == 0;

    private static bool IsHost(string host) =>
        host == "*" || Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) != UriHostNameType.Unknown;
}
