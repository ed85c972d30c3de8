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

        // Downloads read on after the handler has returned. The response to a POST may have to be stored, in the primary.
        Action<IDisposable>? keep = HttpMethods.IsGet(http.Request.Method) ? http.Response.RegisterForDispose : null;
        return new(replica.ReadAsync(services.GetRequiredService<ClienteleDb>(), () => handler(context).AsTask(), keep, http.RequestAborted));
    });
}
