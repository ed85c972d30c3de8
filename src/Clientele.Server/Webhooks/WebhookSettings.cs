namespace Clientele.Server.Webhooks;

/// <summary>The settings under <c>Webhooks:</c>.</summary>
internal sealed class WebhookSettings : IValidatableObject
{
    /// <summary>How many webhooks there may be.</summary>
    [Range(0, 10_000)]
    public int Most { get; set; } = 50;

    /// <summary>How many customers' events are sent to one webhook at the same time.</summary>
    [Range(1, 100)]
    public int Concurrency { get; set; } = 8;

    /// <summary>How long an attempt may take, with the connection and the answer.</summary>
    [Range(1, 10)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>For how many seconds an old secret signs, too, unless a rotation says something else.</summary>
    [Range(0, 604_800)]
    public int OverlapSeconds { get; set; } = 86_400;

    /// <summary>How many days ended deliveries are kept.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 30;

    /// <summary>The ports that receivers may have, separated by commas.</summary>
    public string Ports { get; set; } = "443,8443";

    /// <summary>
    /// The shop's own receivers, such as <c>orders.internal:8080</c> or, for all ports, <c>orders.internal</c>. They may be at private addresses, and they
    /// may be called by http.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    public IReadOnlyList<int> PortNumbers => [.. Ports.Split(',').Select(PortOf).OfType<int>()];

    /// <summary>Whether a receiver is one of the shop's own.</summary>
    public bool Allows(string host, int port) => AllowedHosts.Any(
        allowed => string.Equals(allowed, host, StringComparison.OrdinalIgnoreCase)
            || string.Equals(allowed, string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"), StringComparison.OrdinalIgnoreCase));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Ports.Split(',').Any(text => PortOf(text) is null))
        {
            yield return new($"Webhooks:Ports: must be ports separated by commas, such as 443,8443, not {Errors.Cut(Ports)}.");
        }

        foreach (var (i, host) in AllowedHosts.Index().Where(one => !IsHost(one.Item)))
        {
            yield return new($"Webhooks:AllowedHosts:{i}: must be a host such as orders.internal or orders.internal:8080, not {Errors.Cut(host)}.");
        }
    }

    private static int? PortOf(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536 ? port : null;

    private static bool IsHost(string text) =>
        Uri.TryCreate($"http://{text}", UriKind.Absolute, out var uri) && uri is { UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" }
        && !text.EndsWith('/');
}
