using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.Accounts;

internal static class FactorsEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var factors = api.MapGroup("/api/auth").WithTag("Factors", "Second factors, and the confirmation of sensitive changes.")
            .WithMetadata(new RequestSizeLimitAttribute(AccountsEndpoints.LargestBody));
        factors.MapPost("/token/factor/", CreateTokenWithFactor).WithName(nameof(CreateTokenWithFactor)).For(Who.Public).WithoutIdempotencyKey()
            .Answers(400, 401, 415, 429, 503).TakesPasskey();
        factors.MapPost("/step_up/", CreateStepUpToken).WithName(nameof(CreateStepUpToken)).For(Who.Authenticated).WithoutIdempotencyKey().ForEnrolment()
            .Answers(400, 415, 429, 503).TakesPasskey();
        factors.MapGet("/factors/", GetFactors).WithName(nameof(GetFactors)).For(Who.Authenticated).ForEnrolment();
        factors.MapPost("/factors/totp/", SetUpTotp).WithName(nameof(SetUpTotp)).For(Who.Authenticated).WithoutIdempotencyKey().ForEnrolment()
            .Answers(409).NeedsStepUpForNewFactor();
        factors.MapPost("/factors/totp/confirm/", ConfirmTotp).WithName(nameof(ConfirmTotp)).For(Who.Authenticated).WithoutIdempotencyKey().ForEnrolment()
            .Answers(400, 409, 415).NeedsStepUpForNewFactor();
        factors.MapDelete("/factors/totp/", DeleteTotp).WithName(nameof(DeleteTotp)).For(Who.Authenticated).NeedsStepUp();

        api.MapGroup("/api/customers/customers/{id:long}/factors").WithTags("Factors")
            .MapGet("/", GetCustomerFactors).WithName(nameof(GetCustomerFactors)).For(Who.OwnerOrAdmin).Answers(404);
    }

    /// <summary>Complete a sign-in with a second factor</summary>
    /// <remarks>
    /// Takes the challenge of a 401 factor_required, and a code of the authenticator app, a recovery code, or an assertion of a passkey. The challenge is
    /// valid for five minutes, from the same network, for one pair of tokens. A wrong code counts as a failed sign-in.
    /// </remarks>
    internal static async Task<Results<Ok<TokenResponse>, Problem>> CreateTokenWithFactor(
        Body<FactorTokenRequest> body, SessionStart start, CancellationToken cancellationToken)
    {
        var request = Read(body, out var errors);
        return errors.Any ? Problems.Invalid(errors) : await start.ByFactorAsync(request, staffOnly: false, cancellationToken);
    }

    /// <summary>A challenge, and a code or an assertion.</summary>
    public static FactorTokenRequest Read(Body<FactorTokenRequest> body, out Errors errors)
    {
        var request = body.Read(out errors);
        errors.Require(
            !string.IsNullOrEmpty(request.Code) || request.Assertion is not null || errors.Has("code") || errors.Has("assertion"),
            "code", "Send a code of the authenticator app, a recovery code, or an assertion of a passkey.");
        return request;
    }

    /// <summary>Confirm who the caller is</summary>
    /// <remarks>
    /// Takes the password, or a code or passkey if the account has a second factor. Returns an access token that is valid for five minutes and is accepted
    /// where the response is otherwise 403 step_up_required. There is no refresh token for it. A wrong password or code counts as a failed sign-in.
    /// </remarks>
    internal static async Task<Results<Ok<StepUpResponse>, Problem>> CreateStepUpToken(
        Body<StepUpRequest> body, Caller caller, StepUpTokens tokens, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await tokens.CreateAsync(caller.Id!.Value, request, cancellationToken);
    }

    /// <summary>Get the caller's second factors</summary>
    /// <remarks>The authenticator app, once a code has confirmed it, and the passkeys.</remarks>
    internal static async Task<Ok<FactorsResponse>> GetFactors(Caller caller, Factors factors, CancellationToken cancellationToken) =>
        TypedResults.Ok(await factors.ReadAsync(caller.Id!.Value, cancellationToken));

    /// <summary>Set up an authenticator app</summary>
    /// <remarks>
    /// Returns a new secret for the app (RFC 6238), shown this once. It counts only once a code confirms it; until then, another call replaces it. If an app
    /// is already on, the response is a 409. More than five minutes after the sign-in it needs a step-up.
    /// </remarks>
    internal static Task<Results<Ok<TotpSetupResponse>, Problem>> SetUpTotp(Caller caller, Factors factors, CancellationToken cancellationToken) =>
        factors.SetUpTotpAsync(caller.Id!.Value, cancellationToken);

    /// <summary>Turn the authenticator app on</summary>
    /// <remarks>
    /// Takes the app's current code. From now on every sign-in asks for a code. Returns ten recovery codes, shown this once; each replaces the app for one
    /// sign-in. More than five minutes after the sign-in it needs a step-up.
    /// </remarks>
    internal static async Task<Results<Ok<RecoveryCodesResponse>, Problem>> ConfirmTotp(
        Body<ConfirmTotpRequest> body, Caller caller, Factors factors, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await factors.ConfirmTotpAsync(caller.Id!.Value, request.Code, cancellationToken);
    }

    /// <summary>Remove the caller's authenticator app</summary>
    /// <remarks>Without another factor, the recovery codes are removed, too. Sessions do not end. If there is no app, nothing changes.</remarks>
    internal static Task<Results<NoContent, Problem>> DeleteTotp(Caller caller, Factors factors, CancellationToken cancellationToken) =>
        factors.RemoveTotpAsync(caller.Id!.Value, cancellationToken);

    /// <summary>Get a customer's second factors</summary>
    /// <remarks>What the customer sees: the authenticator app, the passkeys, and how many recovery codes are left. Nothing can be signed in with.</remarks>
    internal static async Task<Results<Ok<FactorsResponse>, Problem>> GetCustomerFactors(
        long id, Caller caller, Factors factors, CancellationToken cancellationToken) =>
        await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken)
            ? TypedResults.Ok(await factors.ReadAsync(id, cancellationToken))
            : Problems.NotFound();
}
