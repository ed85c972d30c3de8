namespace Clientele.Server.Operations;

/// <summary>The settings under <c>Telemetry:</c>.</summary>
internal sealed class TelemetrySettings : IValidatableObject
{
    private const int ShortestToken = 16;

    /// <summary>Where traces, metrics and logs are sent by OTLP; null to leave that to the standard environment variables.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>What a scraper must send to read <c>/metrics</c>; null if there is no such page.</summary>
    public string? MetricsToken { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(OtlpEndpoint)
            && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            yield return new($"Telemetry:OtlpEndpoint: must be an address such as http://localhost:4317, not {Errors.Cut(OtlpEndpoint)}.");
        }

        if (!string.IsNullOrEmpty(MetricsToken) && (MetricsToken.Length < ShortestToken || !MetricsToken.All(c => char.IsAscii(c) && c > ' ')))
        {
            // The token itself is a secret, so it is not repeated.
            yield return new($"Telemetry:MetricsToken: must be at least {ShortestToken} ASCII characters without spaces.");
        }
    }
}
