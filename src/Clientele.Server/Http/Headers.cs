namespace Clientele.Server.Http;

/// <summary>The headers of every response, errors included.</summary>
internal static class Headers
{
    private const string ClosedPolicy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>
    /// The documentation pages load their own scripts and styles, and nothing from other hosts. The hashes are those of the style elements that the
    /// packages of the pages insert: one of Swagger UI, one of ReDoc, and empty ones, which ReDoc fills by script.
    /// </summary>
    public const string PagePolicy =
        "default-src 'none'; script-src 'self'; "
        + "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w=' 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc=' "
        + "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
        + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        Apply(context);
        return next(context);
    });

    /// <summary>
    /// Once the service is asked to stop, each connection is closed with its next response, so that no idle connection is left when the service stops
    /// listening.
    /// </summary>
    public static void UseDraining(this WebApplication app) => app.Use((context, next) =>
    {
        if (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    });

    public static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        var isPage = context.Request.Path == "/"
            || context.Request.Path.StartsWithSegments("/api/docs", StringComparison.OrdinalIgnoreCase)
            || context.Request.Path.StartsWithSegments("/api/redoc", StringComparison.OrdinalIgnoreCase);
        headers.ContentSecurityPolicy = isPage ? PagePolicy : ClosedPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (context.Request.IsHttps && context.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
    }
}
