namespace Clientele.Client;

/// <summary>The health of the service: <c>GET /health/live</c> and <c>/health/ready</c>.</summary>
public sealed record HealthResponse
{
    /// <summary><c>alive</c> or <c>ready</c>.</summary>
    /// <example>ready</example>
    [OneOf(typeof(HealthStatus))]
    public required string Status { get; init; }
}
