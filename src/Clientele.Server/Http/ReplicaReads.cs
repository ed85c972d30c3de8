namespace Clientele.Server.Http;

/// <summary>Marks endpoints whose reads the <see cref="Replica"/> may answer.</summary>
internal static class ReplicaReads
{
    /// <summary>
    /// For endpoints that only read. A shopper's own requests are cheap, so they always go to the primary. If the replica is lost during the request, the
    /// handler runs again on the primary; a download that has begun breaks off.
    /// </summary>
    public static RouteHandlerBuilder MayReadReplica(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter((context, handler) =>
    {
        var (http, services) = (context.HttpContext, context.HttpContext.RequestServices);
        var replica = services.GetRequiredService<Replica>();
        if (!replica.IsConfigured || !services.GetRequiredService<Caller>().IsAdmin)
        {
            return handler(context);
        }

        // Downloads read on after the handler has returned.
        var db = services.GetRequiredService<ClienteleDb>();
        return new(replica.ReadAsync(db, () => handler(context).AsTask(), http.Response.RegisterForDispose, http.RequestAborted));
    });
}
