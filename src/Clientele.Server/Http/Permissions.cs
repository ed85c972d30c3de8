namespace Clientele.Server.Http;

/// <summary>Who may call an endpoint. <see cref="Caller"/> decides which rows they then see.</summary>
internal enum Who
{
    /// <summary>Everybody; an invalid token is ignored.</summary>
    Public,

    /// <summary>Everybody who is signed in, for their own data.</summary>
    Authenticated,

    /// <summary>The owner and admins; for anyone else the resource does not exist.</summary>
    OwnerOrAdmin,

    /// <summary>Admins.</summary>
    Admin,
}

/// <summary>Every endpoint says who may call it, where it is mapped. One that does not keeps the service from starting.</summary>
internal static class Permissions
{
    /// <summary>Lets these call the endpoint, and nobody else.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="who">The people who may call it.</param>
    /// <param name="scope">The <see cref="KeyScope"/> that an API key needs; null if keys may not call it.</param>
    public static TBuilder For<TBuilder>(this TBuilder endpoint, Who who, string? scope = null)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(
            new Permission(who, scope),
            who == Who.Public
                ? new Microsoft.AspNetCore.Authorization.AllowAnonymousAttribute()
                : new Microsoft.AspNetCore.Authorization.AuthorizeAttribute { Roles = who == Who.Admin ? Roles.Admin : null });

    /// <summary>Refuses to start with an endpoint that does not say who may call it.</summary>
    public static void RequirePermissions(this IEndpointConventionBuilder endpoints) => endpoints.Finally(endpoint =>
    {
        if (!endpoint.Metadata.OfType<Permission>().Any())
        {
            throw new InvalidOperationException(
                $"{endpoint.DisplayName} does not say who may call it. Add {nameof(For)}({nameof(Who)}.…) where it is mapped.");
        }
    });

    internal sealed record Permission(Who Who, string? Scope = null)
    {
        /// <summary>Whether the endpoint ignores keys: reads that are public are open to everybody.</summary>
        public bool IgnoresKeys(string method) => Who == Who.Public && Scope is null && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
    }
}
