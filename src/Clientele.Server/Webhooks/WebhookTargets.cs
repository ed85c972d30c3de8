using System.Net;
using System.Net.Sockets;

namespace Clientele.Server.Webhooks;

/// <summary>A receiver has no address that the service may connect to.</summary>
internal sealed class RefusedAddressException(string message) : IOException(message);

/// <summary>
/// Decides where webhooks may be sent. The URL is checked when it is stored and again when it is used, and the address when the service connects to it:
/// between these moments a name can get another address.
/// </summary>
internal sealed class WebhookTargets(IOptions<WebhookSettings> settings, IHostEnvironment environment)
{
    private const string Private = "Must lead to a public address, unless the setting Webhooks:AllowedHosts has the host.";

    /// <summary>Describes what is wrong with a URL; null if it may be used.</summary>
    public string? Complaint(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !(uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            || HostOf(uri) is not { } host)
        {
            return "Must be an address such as https://shop.example/webhooks/clientele.";
        }

        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return "Must not contain a user, a password or a fragment (#…). The signature proves who sends the event.";
        }

        var ports = settings.Value.PortNumbers;
        return IsOwn(host, uri.Port) ? null
            : uri.Scheme != Uri.UriSchemeHttps ? "Must begin with https://."
            : !ports.Contains(uri.Port) ? $"The port must be one of {string.Join(", ", ports)}."
            : IsLocalName(host) ? Private
            : IPAddress.TryParse(host, out var address) && !PublicAddresses.Contain(address) ? Private
            : null;
    }

    /// <summary>Connects to an address of the host that was checked. A second resolution could return another one.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = IsOwn(host, port) ? found : Array.FindAll(found, PublicAddresses.Contain);
        if (allowed.Length == 0)
        {
            throw new RefusedAddressException("The host has no public address, and the service connects to no others.");
        }

#pragma warning disable CA2000 // The stream owns the socket.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore CA2000
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the receiver is one of the shop's own, or runs on the machine of a developer.</summary>
    private bool IsOwn(string host, int port) =>
        settings.Value.Allows(host, port) || (environment.IsDevelopment() && host is "localhost" or "127.0.0.1" or "::1" or "[::1]");

    /// <summary>The host as it is resolved; null if no host can have this name, for example because a part of it is too long in ASCII.</summary>
    private static string? HostOf(Uri uri)
    {
        try
        {
            return uri.HostNameType is UriHostNameType.Basic ? null : uri.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    private static bool IsLocalName(string host) =>
        host.TrimEnd('.') is var name
        && (name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));
}
