namespace Clientele.Client;

/// <summary>The health of the service: <c>GET /health/live</c> and <c>/health/ready</c>.</summary>
public sealed record HealthResponse
{
    /// <summary><c>alive</c> or <c>ready</c>.</summary>
    /// <example>ready</example>
    [OneOf(typeof(HealthStatus))]
    public required string Status { get; init; }

    /// <summary>The release of the node.</summary>
    /// <example>0.1.0</example>
    public required string Version { get; init; }

    /// <summary>The commit that the node was built from; <c>unknown</c> if that was not recorded.</summary>
    /// <example>9fceb02d0ae598e95dc970b74767f19372d61af8</example>
    public required string Commit { get; init; }
}
