using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.Accounts;

internal static class VerificationEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var accounts = api.MapGroup("").WithTags("Accounts").WithMetadata(new RequestSizeLimitAttribute(AccountsEndpoints.LargestBody));
        var customers = accounts.MapGroup("/api/customers/customers");
        customers.MapPost("/send_email_code/", SendEmailCode).WithName(nameof(SendEmailCode)).For(Who.Authenticated).Answers(404, 429);
        customers.MapPost("/verify_email/", VerifyEmail).WithName(nameof(VerifyEmail)).For(Who.Public).Answers(400, 401, 409, 415, 422, 429, 503);
        customers.MapPost("/send_phone_code/", SendPhoneCode).WithName(nameof(SendPhoneCode)).For(Who.Authenticated).Answers(400, 404, 409, 429);
        customers.MapPost("/verify_phone/", VerifyPhone).WithName(nameof(VerifyPhone)).For(Who.Authenticated).Answers(400, 404, 409, 415, 422, 429, 503);
        customers.MapPost("/undo_email/", UndoEmail).WithName(nameof(UndoEmail)).For(Who.Public).Answers(400, 409, 415, 422, 503);
        accounts.MapPost("/api/auth/password/reset/", ResetPassword).WithName(nameof(ResetPassword)).For(Who.Public).WithoutIdempotencyKey()
            .Answers(400, 415, 429, 503);
        accounts.MapPost("/api/auth/password/reset/confirm/", ConfirmReset).WithName(nameof(ConfirmReset)).For(Who.Public).WithoutIdempotencyKey()
            .Answers(400, 415, 429, 503);
    }

    /// <summary>Send a code to the caller's e-mail</summary>
    /// <remarks>
    /// Sends a mail with a link, which is valid for three days, and a code of six digits, which is valid for ten minutes and five tries. It goes to
    /// pending_email if there is one. An account gets at most 3 of these mails an hour and 10 a day, with the one that its registration sends.
    /// </remarks>
    internal static Task<Results<Accepted<CodeSentResponse>, Problem>> SendEmailCode(
        Caller caller, Verification verification, CancellationToken cancellationToken) =>
        verification.SendEmailCodeAsync(caller.Id!.Value, cancellationToken);

    /// <summary>Verify an e-mail address</summary>
    /// <remarks>
    /// Takes the token of the link, from anybody, or the code, from the customer who is signed in. A pending e-mail becomes the account's e-mail, and so
    /// does a username that is the e-mail. If the address has been taken meanwhile, the response is a 400.
    /// </remarks>
    internal static async Task<Results<Ok<VerifyEmailResponse>, Problem>> VerifyEmail(
        Body<VerifyEmailRequest> body, Caller caller, Verification verification, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        errors.Require(!string.IsNullOrEmpty(request.Token) || !string.IsNullOrEmpty(request.Code), "token", "Send the token of the link, or the code.");
        return errors.Any ? Problems.Invalid(errors)
            : request.Token is { Length: > 0 } token ? await verification.VerifyEmailAsync(token, cancellationToken)
            : caller.Id is { } id ? await verification.VerifyEmailAsync(id, request.Code!, cancellationToken)
            : new Problem("invalid_token", Problems.DetailOf("invalid_token"));
    }

    /// <summary>Send a code to the caller's phone</summary>
    /// <remarks>
    /// Sends an SMS with a code of six digits, which is valid for ten minutes and five tries. An account gets at most 3 an hour and 10 a day, and all
    /// numbers of a country have a daily budget together (Sms:BudgetPerCountry). Without a phone number in the profile the response is a 409.
    /// </remarks>
    internal static Task<Results<Accepted<CodeSentResponse>, Problem>> SendPhoneCode(
        Caller caller, Verification verification, CancellationToken cancellationToken) =>
        verification.SendPhoneCodeAsync(caller.Id!.Value, cancellationToken);

    /// <summary>Verify the caller's phone number</summary>
    /// <remarks>The code is valid only for the number that it was sent to.</remarks>
    internal static async Task<Results<Ok<VerifyPhoneResponse>, Problem>> VerifyPhone(
        Body<VerifyPhoneRequest> body, Caller caller, Verification verification, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await verification.VerifyPhoneAsync(caller.Id!.Value, request.Code, cancellationToken);
    }

    /// <summary>Undo a change of the e-mail</summary>
    /// <remarks>
    /// Takes the token of the link that was sent to the old address, for seven days after the change has taken effect. The account gets that address back,
    /// nothing stays pending, and all sessions end.
    /// </remarks>
    internal static async Task<Results<Ok<MessageResponse>, Problem>> UndoEmail(
        Body<UndoEmailRequest> body, EmailChanges emails, Sessions sessions, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var result = await emails.UndoAsync(request.Token, cancellationToken);
        sessions.Forget(LinkToken.CustomerOf(request.Token) ?? 0);
        return result;
    }

    /// <summary>Request a new password</summary>
    /// <remarks>
    /// Sends a mail with a link, which is valid for an hour, and a code. The response is the same for every name. An account gets at most 3 of these mails an
    /// hour and 10 a day; a network may send 50 requests an hour (RateLimits:ResetPerNetwork). The Idempotency-Key header is ignored.
    /// </remarks>
    internal static async Task<Results<Accepted<CodeSentResponse>, Problem>> ResetPassword(
        Body<ResetPasswordRequest> body, PasswordReset reset, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await reset.AskAsync(request.Username, cancellationToken);
    }

    /// <summary>Set a new password</summary>
    /// <remarks>
    /// Takes the token of the link, or username and code. All sessions end, the owner gets a mail, and the e-mail is verified: somebody who has the
    /// code can read its mail. The Idempotency-Key header is ignored.
    /// </remarks>
    internal static async Task<Results<Ok<MessageResponse>, Problem>> ConfirmReset(
        Body<ConfirmResetRequest> body, PasswordReset reset, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return await reset.ConfirmAsync(request, errors, cancellationToken);
    }
}
