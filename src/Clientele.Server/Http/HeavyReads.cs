using System.Threading.RateLimiting;

namespace Clientele.Server.Http;

/// <summary>
/// Limits how many reads over all customers run at once, because the database has other callers. The next few wait for a while; further ones get a
/// 503 and should try again later.
/// </summary>
internal sealed class HeavyReads(IOptions<HeavyReads.Settings> settings) : IDisposable
{
    private readonly ConcurrencyLimiter _turns = new(new()
    {
        PermitLimit = settings.Value.AtOnce,
        QueueLimit = settings.Value.Waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public void Dispose() => _turns.Dispose();

    /// <summary>
    /// Runs the handler when it is its turn. If the time limit passes while it waits or reads, the response is a 503, as for any read that takes too
    /// long.
    /// </summary>
    internal async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate handler)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.HttpContext.RequestAborted);
        patience.CancelAfter(TimeSpan.FromSeconds(settings.Value.Seconds));
        using var turn = await _turns.AcquireAsync(1, patience.Token);
        if (!turn.IsAcquired)
        {
            return Problems.Unavailable("Too many requests that read all customers are running. Try again.", 2);
        }

        for (var i = 0; i < context.Arguments.Count; i++)
        {
            if (context.Arguments[i] is CancellationToken)
            {
                context.Arguments[i] = patience.Token;
            }
        }

        return await handler(context);
    }

    /// <summary>The settings under <c>HeavyReads:</c>, for each node.</summary>
    internal sealed class Settings
    {
        [Range(1, 100)]
        public int AtOnce { get; set; } = 2;

        /// <summary>How many more may wait for their turn.</summary>
        [Range(0, 1000)]
        public int Waiting { get; set; } = 10;

        /// <summary>How long one may take, including the time it waits.</summary>
        [Range(1, 3600)]
        public int Seconds { get; set; } = 20;
    }
}

internal static class HeavyReadsEndpoints
{
    /// <summary>Marks an endpoint that reads all customers, so that its requests wait for their turn. The replica may answer them.</summary>
    public static RouteHandlerBuilder ReadsAllCustomers(this RouteHandlerBuilder endpoint) => endpoint.Answers(503)
        .AddEndpointFilter((context, handler) => context.HttpContext.RequestServices.GetRequiredService<HeavyReads>().RunAsync(context, handler))
        .MayReadReplica();
}
