namespace Clientele.Server.Operations;

/// <summary>The settings under <c>Shutdown:</c>.</summary>
internal sealed class ShutdownSettings
{
    /// <summary>
    /// How long the service keeps responding after SIGTERM, with a 503 at <c>/health/ready</c>, so that load balancers stop sending
    /// requests.
    /// </summary>
    [Range(0, 300)]
    public int DrainSeconds { get; set; } = 5;
}
