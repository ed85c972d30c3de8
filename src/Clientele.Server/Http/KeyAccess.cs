namespace Clientele.Server.Http;

/// <summary>Lets an API key call what its scopes allow. An endpoint that names no scope is closed to keys.</summary>
internal static class KeyAccess
{
    public static void UseKeyAccess(this WebApplication app) => app.Use((context, next) =>
        context.User.HasClaim(claim => claim.Type == KeyClaims.Id)
        && context.GetEndpoint()?.Metadata.GetMetadata<Permissions.Permission>() is { } permission
        && !permission.IgnoresKeys(context.Request.Method)
        && (permission.Scope is null || !context.User.HasClaim(KeyClaims.Scope, permission.Scope))
            ? RefuseAsync(context, permission.Scope)
            : next(context));

    /// <summary>The header is that of RFC 6750.</summary>
    private static Task RefuseAsync(HttpContext context, string? scope)
    {
        context.Response.Headers.WWWAuthenticate = scope is null
            ? "Bearer error=\"insufficient_scope\""
            : $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
        return Problems.WriteAsync(context, scope is null ? new Problem("insufficient_scope", "API keys cannot call this endpoint.") : Missing(scope));
    }

    /// <summary>A key does not have the scope that the call needs.</summary>
    public static Problem Missing(string scope) => new("insufficient_scope", $"The API key needs the scope {scope} for this call.");
}
