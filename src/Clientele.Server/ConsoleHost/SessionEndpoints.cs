using Clientele.Server.Accounts;
using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.ConsoleHost;

/// <summary>
/// The sessions of the console. They are sessions like all others, but their refresh token is in a cookie. Each call needs a header that pages of other
/// sites cannot send, so none of them can use the cookie.
/// </summary>
internal static class SessionEndpoints
{
    public const string Path = $"{ConsoleModule.Path}/session/";
    public const string Header = "X-Clientele-Console";

    public static void Map(IEndpointRouteBuilder api)
    {
        var session = api.MapGroup(Path).ExcludeFromDescription().WithoutIdempotencyKey().For(Who.Public)
            .WithMetadata(new RequestSizeLimitAttribute(AccountsEndpoints.LargestBody)).AddEndpointFilter(NeedHeaderAsync);
        session.MapGet("", GetConsoleState).WithName(nameof(GetConsoleState));
        session.MapPost("", CreateConsoleSession).WithName(nameof(CreateConsoleSession));
        session.MapPost("factor/", CreateConsoleSessionWithFactor).WithName(nameof(CreateConsoleSessionWithFactor)).TakesPasskey();
        session.MapPost("passkey/", CreateConsoleSessionWithPasskey).WithName(nameof(CreateConsoleSessionWithPasskey)).TakesPasskey();
        session.MapPost("renew/", RenewConsoleSession).WithName(nameof(RenewConsoleSession));
        session.MapDelete("", EndConsoleSession).WithName(nameof(EndConsoleSession));
    }

    internal static async Task<Ok<ConsoleStateResponse>> GetConsoleState(ClienteleDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ConsoleStateResponse { HasAdmin = await Counter.ReadAsync(db, Counter.ActiveAdmins, cancellationToken) > 0 });

    internal static async Task<Results<Ok<ConsoleSessionResponse>, Problem>> CreateConsoleSession(
        Body<TokenRequest> body, SessionStart start, HttpContext context, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : Keep(context, await start.ByPasswordAsync(request, staffOnly: true, cancellationToken));
    }

    internal static async Task<Results<Ok<ConsoleSessionResponse>, Problem>> CreateConsoleSessionWithFactor(
        Body<FactorTokenRequest> body, SessionStart start, HttpContext context, CancellationToken cancellationToken)
    {
        var request = FactorsEndpoints.Read(body, out var errors);
        return errors.Any ? Problems.Invalid(errors) : Keep(context, await start.ByFactorAsync(request, staffOnly: true, cancellationToken));
    }

    internal static async Task<Results<Ok<ConsoleSessionResponse>, Problem>> CreateConsoleSessionWithPasskey(
        Body<PasskeyTokenRequest> body, SessionStart start, HttpContext context, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : Keep(context, await start.ByPasskeyAsync(request, staffOnly: true, cancellationToken));
    }

    /// <summary>The next access token; nothing for a browser that has no session.</summary>
    internal static async Task<Results<Ok<ConsoleSessionResponse>, NoContent, Problem>> RenewConsoleSession(
        HttpContext context, RefreshTokens tokens, CancellationToken cancellationToken)
    {
        if (SessionCookie.Read(context) is not { } refreshToken)
        {
            return TypedResults.NoContent();
        }

        if (await tokens.RefreshAsync(refreshToken, cancellationToken) is { } pair)
        {
            return TypedResults.Ok(Keep(context, pair));
        }

        SessionCookie.Remove(context);
        return new Problem("invalid_credentials", "The session has ended. Sign in again.");
    }

    /// <summary>Signs out, in the database and in the browser.</summary>
    internal static async Task<NoContent> EndConsoleSession(HttpContext context, RefreshTokens tokens, CancellationToken cancellationToken)
    {
        await (SessionCookie.Read(context) is { } refreshToken ? tokens.RevokeAsync(refreshToken, cancellationToken) : Task.CompletedTask);
        SessionCookie.Remove(context);
        return TypedResults.NoContent();
    }

    private static ValueTask<object?> NeedHeaderAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers.ContainsKey(Header)
            ? next(context)
            : ValueTask.FromResult<object?>(new Problem("forbidden", $"This call is for the console. It needs the header {Header}."));

    private static Results<Ok<ConsoleSessionResponse>, Problem> Keep(HttpContext context, Results<Ok<TokenResponse>, Problem> begun) => begun.Result switch
    {
        Ok<TokenResponse> { Value: { } pair } => TypedResults.Ok(Keep(context, pair)),
        var refused => (Problem)refused,
    };

    private static ConsoleSessionResponse Keep(HttpContext context, TokenResponse pair)
    {
        SessionCookie.Keep(context, pair.Refresh);
        return new() { Access = pair.Access, ExpiresIn = pair.ExpiresIn };
    }
}
