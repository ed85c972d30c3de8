using System.Security.Claims;
using System.Text.Encodings.Web;
using Clientele.Server.Accounts;
using Microsoft.AspNetCore.Authentication;

namespace Clientele.Server.Keys;

/// <summary>Authenticates requests that send an API key where others send an access token.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ClienteleDb db, LiveKeys keys, Caller caller)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Key";

    /// <summary>The scheme of a request: this one if its token begins like a key; null for the usual one.</summary>
    public static string? SchemeOf(HttpContext context) =>
        Sessions.BearerToken(context)?.StartsWith(KeyText.Prefix, StringComparison.Ordinal) == true ? SchemeName : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await keys.FindAsync(db, Sessions.BearerToken(Context)!, Context.Connection.RemoteIpAddress, Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        keys.Note(key.Id, caller.Network);
        Claim[] claims =
        [
            new(KeyClaims.Id, key.Id), new(KeyClaims.Name, key.Name), new("role", Roles.Admin),
            .. key.Scopes.Select(scope => new Claim(KeyClaims.Scope, scope)),
        ];
        return AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName, KeyClaims.Id, "role")), SchemeName));
    }
}
