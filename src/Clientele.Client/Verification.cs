using System.ComponentModel.DataAnnotations;

namespace Clientele.Client;

/// <summary>A code is on its way.</summary>
public sealed record CodeSentResponse
{
    /// <summary>What happened, in one sentence.</summary>
    /// <example>A mail with a code and a link is on its way.</example>
    public required string Message { get; init; }

    /// <summary>The seconds until the code expires.</summary>
    /// <example>600</example>
    public required int ExpiresIn { get; init; }
}

/// <summary>Verifies an e-mail address by a link or a code: <c>POST /api/customers/customers/verify_email/</c>.</summary>
public sealed record VerifyEmailRequest
{
    /// <summary>The token of the link.</summary>
    /// <example>123.6yqk2cVbQbK1uV9mXoYp5w2gq7mM0l3JtF4nQ8sWcA0</example>
    [StringLength(200)]
    public string? Token { get; set; }

    /// <summary>The code in the mail, for the customer who is signed in. It is ignored if there is a token.</summary>
    /// <example>123456</example>
    [StringLength(20)]
    public string? Code { get; set; }
}

/// <summary>The response of <c>verify_email</c>.</summary>
public sealed record VerifyEmailResponse
{
    /// <summary>What happened.</summary>
    /// <example>E-mail verified.</example>
    public required string Message { get; init; }

    /// <summary>Whether the e-mail is verified now.</summary>
    /// <example>true</example>
    public required bool IsVerified { get; init; }
}

/// <summary>Verifies the caller's phone number: <c>POST /api/customers/customers/verify_phone/</c>.</summary>
public sealed record VerifyPhoneRequest
{
    /// <summary>The code in the SMS.</summary>
    /// <example>123456</example>
    [Required, StringLength(20)]
    public string Code { get; set; } = "";
}

/// <summary>The response of <c>verify_phone</c>.</summary>
public sealed record VerifyPhoneResponse
{
    /// <summary>What happened.</summary>
    /// <example>Phone number verified.</example>
    public required string Message { get; init; }

    /// <summary>Whether the phone number is verified now.</summary>
    /// <example>true</example>
    public required bool PhoneVerified { get; init; }
}

/// <summary>Undoes a change of the e-mail: <c>POST /api/customers/customers/undo_email/</c>.</summary>
public sealed record UndoEmailRequest
{
    /// <summary>The token of the link that the old address got.</summary>
    /// <example>123.6yqk2cVbQbK1uV9mXoYp5w2gq7mM0l3JtF4nQ8sWcA0</example>
    [Required, StringLength(200)]
    public string Token { get; set; } = "";
}

/// <summary>Requests a new password: <c>POST /api/auth/password/reset/</c>.</summary>
public sealed record ResetPasswordRequest
{
    /// <summary>The username or the e-mail address.</summary>
    /// <example>johndoe</example>
    [Required, StringLength(254)]
    public string Username { get; set; } = "";
}

/// <summary>Sets a new password by a link or a code: <c>POST /api/auth/password/reset/confirm/</c>.</summary>
public sealed record ConfirmResetRequest
{
    /// <summary>The token of the link.</summary>
    /// <example>123.6yqk2cVbQbK1uV9mXoYp5w2gq7mM0l3JtF4nQ8sWcA0</example>
    [StringLength(200)]
    public string? Token { get; set; }

    /// <summary>The username or the e-mail address, with the code instead of a token.</summary>
    /// <example>johndoe</example>
    [StringLength(254)]
    public string? Username { get; set; }

    /// <summary>The code in the mail.</summary>
    /// <example>123456</example>
    [StringLength(20)]
    public string? Code { get; set; }

    /// <summary>The new password; the same rules apply as for registration.</summary>
    /// <example>NewSecureP@ss456!</example>
    [Required, StringLength(1024)]
    public string NewPassword { get; set; } = "";

    /// <summary>The new password again.</summary>
    /// <example>NewSecureP@ss456!</example>
    [Required, StringLength(1024)]
    public string NewPassword2 { get; set; } = "";
}
