using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.Accounts;

internal static class AccountsEndpoints
{
    /// <summary>Names and passwords need no more, and anonymous callers can send these requests.</summary>
    public const int LargestBody = 16 * 1024;

    public static void Map(IEndpointRouteBuilder api)
    {
        var accounts = api.MapGroup("").WithTag("Accounts", "Registration, signing in and out, passwords.")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        accounts.MapPost("/api/customers/register/", RegisterCustomer).WithName(nameof(RegisterCustomer)).For(Who.Public, KeyScope.CustomersWrite).Creates()
            .Answers(400, 409, 415, 422, 429, 503);
        accounts.MapPost("/api/auth/token/", CreateToken).WithName(nameof(CreateToken)).For(Who.Public).WithoutIdempotencyKey()
            .Answers(400, 401, 415, 429, 503).Answers("factor_required");
        accounts.MapPost("/api/auth/token/refresh/", RefreshToken).WithName(nameof(RefreshToken)).For(Who.Public).WithoutIdempotencyKey()
            .Answers(400, 401, 415, 503);
        accounts.MapPost("/api/auth/token/revoke/", RevokeToken).WithName(nameof(RevokeToken)).For(Who.Public).WithoutIdempotencyKey().Answers(400, 415, 503);
        accounts.MapGet("/.well-known/jwks.json", GetJwks).WithName(nameof(GetJwks)).For(Who.Public);
        accounts.MapGet("/.well-known/openid-configuration", GetOpenIdConfiguration).WithName(nameof(GetOpenIdConfiguration)).For(Who.Public);
        accounts.MapPost("/api/customers/customers/change_password/", ChangePassword).WithName(nameof(ChangePassword)).For(Who.Authenticated)
            .Answers(400, 409, 415, 422, 429, 503);
        PasskeysEndpoints.Map(accounts);
    }

    /// <summary>Register a new customer</summary>
    /// <remarks>
    /// Creates an account with the lowest tier and returns the complete profile. Usernames and e-mails share one namespace
    /// and are unique regardless of case. A username with an @ must be the account's own e-mail.
    /// </remarks>
    internal static async Task<Results<Resource<CustomerResponse>, Problem>> RegisterCustomer(
        Body<RegisterRequest> body, Caller caller, Registration registration, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return await registration.RegisterAsync(request, errors, staff: false, cancellationToken);
    }

    /// <summary>Sign in</summary>
    /// <remarks>
    /// Accepts the username or the e-mail. A wrong name, a wrong password and an inactive account get the same 401. After
    /// too many failures the response is a 429 with a growing Retry-After. If the account has a second factor, the right password gets a
    /// 401 factor_required with a challenge. The Idempotency-Key header is ignored: no token is stored.
    /// </remarks>
    internal static async Task<Results<Ok<TokenResponse>, Problem>> CreateToken(
        Body<TokenRequest> body, SessionStart start, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await start.ByPasswordAsync(request, staffOnly: false, cancellationToken);
    }

    /// <summary>Refresh a pair of tokens</summary>
    /// <remarks>
    /// A refresh token is valid for one refresh. Using it again ends the whole session, with one exception: if the response was lost, a
    /// retry within ten seconds gets the same new token again.
    /// </remarks>
    internal static async Task<Results<Ok<TokenResponse>, Problem>> RefreshToken(
        Body<RefreshRequest> body, RefreshTokens tokens, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        return await tokens.RefreshAsync(request.Refresh, cancellationToken) is { } pair
            ? TypedResults.Ok(pair)
            : new Problem("invalid_credentials", "The refresh token is no longer valid. Sign in again.");
    }

    /// <summary>Sign out</summary>
    /// <remarks>Ends the session of the refresh token. An invalid token gets a 204, too.</remarks>
    internal static async Task<Results<NoContent, Problem>> RevokeToken(Body<RefreshRequest> body, RefreshTokens tokens, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        await tokens.RevokeAsync(request.Refresh, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Get the keys that access tokens are signed with</summary>
    /// <remarks>
    /// A JSON Web Key Set (RFC 7517). Other services use it to check access tokens without calling this one. It may be cached for five
    /// minutes.
    /// </remarks>
    internal static Ok<JwksResponse> GetJwks(HttpContext context, ServerKeys keys)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new JwksResponse { Keys = [.. keys.Live.Select(key => key.Jwk)] });
    }

    /// <summary>Get the issuer of access tokens and the addresses of its keys</summary>
    /// <remarks>
    /// An OpenID Connect discovery document. Libraries that check access tokens, such as ASP.NET Core's AddJwtBearer with its MetadataAddress,
    /// configure themselves with it. The service issues access tokens and no ID tokens, and has no authorization endpoint.
    /// </remarks>
    internal static Ok<OpenIdConfigurationResponse> GetOpenIdConfiguration(
        HttpContext context, IOptions<Sessions.Settings> tokens, IOptions<ServerSettings> server)
    {
        // Without a public address the response depends on the request's host: a shared cache must not give it to others.
        context.Response.Headers.CacheControl = server.Value.PublicAddress is null ? "max-age=300, private" : "public, max-age=300";
        return TypedResults.Ok(new OpenIdConfigurationResponse
        {
            Issuer = tokens.Value.Issuer,
            JwksUri = PublicAddress.AbsoluteOf(context, "/.well-known/jwks.json"),
            TokenEndpoint = PublicAddress.AbsoluteOf(context, "/api/auth/token/"),
            ResponseTypesSupported = ["none"],
            SubjectTypesSupported = ["public"],
            IdTokenSigningAlgValuesSupported = ["ES256"],
            ClaimsSupported = ["iss", "aud", "sub", "sid", "role", "acr", "jti", "iat", "exp"],
        });
    }

    /// <summary>Change the caller's password</summary>
    /// <remarks>All sessions end, including this one. A wrong old password counts as a failed sign-in.</remarks>
    internal static async Task<Results<Ok<MessageResponse>, Problem>> ChangePassword(
        Body<ChangePasswordRequest> body, Caller caller, PasswordChange change, Sessions sessions, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        var result = await change.ChangeAsync(caller.Id!.Value, request, errors, cancellationToken);
        sessions.Forget(caller.Id.Value);
        return result;
    }
}
