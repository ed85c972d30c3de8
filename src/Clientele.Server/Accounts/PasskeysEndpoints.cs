using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.Accounts;

internal static class PasskeysEndpoints
{
    /// <summary>Some authenticators attach long certificates.</summary>
    private const int LargestBody = 64 * 1024;

    public static void Map(IEndpointRouteBuilder accounts)
    {
        var own = accounts.MapGroup("/api/auth/factors/passkeys").WithId("passkeys", "The passkey's id.", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60");
        own.MapPost("/options/", CreatePasskeyOptions).WithName(nameof(CreatePasskeyOptions)).For(Who.Authenticated).WithoutIdempotencyKey().NeedsStepUp()
            .ForEnrolment();
        own.MapPost("/", CreatePasskey).WithName(nameof(CreatePasskey)).For(Who.Authenticated).WithoutIdempotencyKey().NeedsStepUp()
            .ForEnrolment().Answers(400, 409, 415).Answers("too_many_passkeys").TakesPasskey();
        own.MapGet("/", ListPasskeys).WithName(nameof(ListPasskeys)).For(Who.Authenticated);
        own.MapDelete("/{id:guid}/", DeletePasskey).WithName(nameof(DeletePasskey)).For(Who.Authenticated).NeedsStepUp().Answers(404);

        var signIn = accounts.MapGroup("/api/auth/passkeys");
        signIn.MapPost("/options/", CreatePasskeySignInOptions).WithName(nameof(CreatePasskeySignInOptions)).For(Who.Public).WithoutIdempotencyKey();
        signIn.MapPost("/", CreatePasskeyToken).WithName(nameof(CreatePasskeyToken)).For(Who.Public).WithoutIdempotencyKey()
            .Answers(400, 401, 415, 429, 503).TakesPasskey();
    }

    /// <summary>For calls whose body contains what an authenticator returns.</summary>
    public static RouteHandlerBuilder TakesPasskey(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new RequestSizeLimitAttribute(LargestBody));

    /// <summary>Get the options to create a passkey</summary>
    /// <remarks>
    /// The JSON of WebAuthn for PublicKeyCredential.parseCreationOptionsFromJSON(). The options are valid once, for five minutes and for the caller.
    /// </remarks>
    internal static Task<Results<Ok<PasskeyCreationOptionsResponse>, Problem>> CreatePasskeyOptions(
        Caller caller, PasskeyRegistration registration, CancellationToken cancellationToken) =>
        registration.OptionsAsync(caller.Id!.Value, cancellationToken);

    /// <summary>Add a passkey</summary>
    /// <remarks>
    /// Adds the passkey that a browser has created with the options to the caller's account. The authenticator must have verified its owner. An account
    /// has at most 10 passkeys.
    /// </remarks>
    internal static async Task<Results<Created<AddedPasskeyResponse>, Problem>> CreatePasskey(
        Body<CreatePasskeyRequest> body, Caller caller, PasskeyRegistration registration, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await registration.AddAsync(caller.Id!.Value, request, cancellationToken);
    }

    /// <summary>List the caller's passkeys</summary>
    /// <remarks>Returns all of them, the oldest first.</remarks>
    internal static async Task<Ok<IReadOnlyList<PasskeyResponse>>> ListPasskeys(Caller caller, ClienteleDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await Passkeys.ListAsync(db, caller.Id!.Value, cancellationToken));

    /// <summary>Delete a passkey</summary>
    /// <remarks>Nobody can sign in with the passkey any longer. Sessions that began with it do not end.</remarks>
    internal static Task<Results<NoContent, Problem>> DeletePasskey(
        Guid id, Caller caller, PasskeyRegistration registration, CancellationToken cancellationToken) =>
        registration.RemoveAsync(caller.Id!.Value, id, cancellationToken);

    /// <summary>Get the options to sign in with a passkey</summary>
    /// <remarks>
    /// The JSON of WebAuthn for PublicKeyCredential.parseRequestOptionsFromJSON(). The options are valid once and for five minutes. They name no account:
    /// the authenticator offers the passkeys that it has.
    /// </remarks>
    internal static async Task<Ok<PasskeyRequestOptionsResponse>> CreatePasskeySignInOptions(Passkeys passkeys, CancellationToken cancellationToken) =>
        TypedResults.Ok(await passkeys.OptionsAsync(cancellationToken));

    /// <summary>Sign in with a passkey</summary>
    /// <remarks>
    /// Takes the place of the password and of a second factor. An unknown passkey, a wrong signature, options that were used before or have expired, and
    /// an inactive account get the same 401. After too many failures the response is a 429 with a growing Retry-After.
    /// </remarks>
    internal static async Task<Results<Ok<TokenResponse>, Problem>> CreatePasskeyToken(
        Body<PasskeyTokenRequest> body, SessionStart start, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await start.ByPasskeyAsync(request, staffOnly: false, cancellationToken);
    }
}
