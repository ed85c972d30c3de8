namespace Clientele.Server.Operations;

internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder api)
    {
        var health = api.MapGroup("/health").WithTag("Health", "For load balancers and orchestrators.");
        health.MapGet("/live", GetLiveness).WithName(nameof(GetLiveness)).For(Who.Public);
        health.MapGet("/ready", GetReadiness).WithName(nameof(GetReadiness)).For(Who.Public).Answers(503);
    }

    /// <summary>Check whether the process is alive</summary>
    /// <remarks>Returns 200 as long as the process can respond at all, whatever the state of the database, and which release it is.</remarks>
    internal static Ok<HealthResponse> GetLiveness() => TypedResults.Ok(Health("alive"));

    /// <summary>Check whether the service can take requests</summary>
    /// <remarks>Returns 503 while the database does not respond or does not accept writes, and from the moment the service is asked to stop.</remarks>
    internal static async Task<Results<Ok<HealthResponse>, Problem>> GetReadiness(
        ClienteleDb db, Readiness readiness, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Problems.Unavailable("The service is stopping.", 10);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await db.Groups.AnyAsync(patience.Token);
        await readiness.ProveAsync(db, patience.Token);
        return TypedResults.Ok(Health("ready"));
    }

    private static HealthResponse Health(string status) => new() { Status = status, Version = BuildInfo.Version, Commit = BuildInfo.Commit };
}
