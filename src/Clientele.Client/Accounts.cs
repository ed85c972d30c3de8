using System.ComponentModel.DataAnnotations;

namespace Clientele.Client;

/// <summary>Registers a customer: <c>POST /api/customers/register/</c>.</summary>
public sealed record RegisterRequest
{
    /// <summary>The name to sign in with: 1 to 150 letters, digits and <c>@ . + - _</c>. A name with an <c>@</c> must be the account's own e-mail.</summary>
    /// <example>johndoe</example>
    [Required, StringLength(150), OneLine]
    public string Username { get; set; } = "";

    /// <summary>The e-mail address. It must differ from all other e-mails and usernames, regardless of case and of how its domain is spelled.</summary>
    /// <example>john@example.com</example>
    [Required, StringLength(254), OneLine]
    public string Email { get; set; } = "";

    /// <summary>The password: 8 to 256 characters, not common, not entirely numeric and not similar to the names.</summary>
    /// <example>SecureP@ssw0rd123!</example>
    [Required, StringLength(1024)]
    public string Password { get; set; } = "";

    /// <summary>The password again.</summary>
    /// <example>SecureP@ssw0rd123!</example>
    [Required, StringLength(1024)]
    public string Password2 { get; set; } = "";

    /// <summary>The given name.</summary>
    /// <example>John</example>
    [Required, StringLength(150), OneLine]
    public string FirstName { get; set; } = "";

    /// <summary>The family name; empty for people with one name.</summary>
    /// <example>Doe</example>
    [Required(AllowEmptyStrings = true), StringLength(150), OneLine]
    public string LastName { get; set; } = "";

    /// <summary>
    /// The phone number, in any usual spelling; it is stored in E.164 form. Without its country code it belongs to the store's country, if one is set.
    /// </summary>
    /// <example>+1234567890</example>
    [StringLength(40)]
    public string? Phone { get; set; }

    /// <summary>Whether the customer consents to marketing by e-mail.</summary>
    public bool AcceptsMarketingEmail { get; set; }

    /// <summary>Whether the customer consents to marketing by SMS.</summary>
    public bool AcceptsMarketingSms { get; set; }

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    /// <example>en</example>
    [StringLength(35)]
    public string PreferredLanguage { get; set; } = "en";

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    /// <example>USD</example>
    [StringLength(3)]
    public string PreferredCurrency { get; set; } = "USD";

    /// <summary>The date of birth.</summary>
    /// <example>1990-04-01</example>
    public DateOnly? DateOfBirth { get; set; }

    /// <summary>The gender, in the customer's own words.</summary>
    /// <example>male</example>
    [StringLength(20), OneLine]
    public string? Gender { get; set; }

    /// <summary>Where the customer came from, such as a campaign.</summary>
    /// <example>spring-campaign</example>
    [StringLength(100), OneLine]
    public string? Source { get; set; }
}

/// <summary>Signs in: <c>POST /api/auth/token/</c>.</summary>
public sealed record TokenRequest
{
    /// <summary>The username or the e-mail address.</summary>
    /// <example>johndoe</example>
    [Required, StringLength(254)]
    public string Username { get; set; } = "";

    /// <summary>The password.</summary>
    /// <example>SecureP@ssw0rd123!</example>
    [Required, StringLength(1024)]
    public string Password { get; set; } = "";
}

/// <summary>Sends a refresh token: <c>POST /api/auth/token/refresh/</c> and <c>…/revoke/</c>.</summary>
public sealed record RefreshRequest
{
    /// <summary>The refresh token.</summary>
    /// <example>123.4fJm0c6q7rXv5hM1d0t2bQ.6yqk2cVbQbK1uV9mXoYp5w2gq7mM0l3JtF4nQ8sWcA0</example>
    [Required]
    public string Refresh { get; set; } = "";
}

/// <summary>A pair of tokens.</summary>
public sealed record TokenResponse
{
    /// <summary>The access token, a JWT for the <c>Authorization: Bearer</c> header.</summary>
    /// <example>eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl</example>
    public required string Access { get; init; }

    /// <summary>The refresh token, valid for one refresh.</summary>
    /// <example>123.4fJm0c6q7rXv5hM1d0t2bQ.6yqk2cVbQbK1uV9mXoYp5w2gq7mM0l3JtF4nQ8sWcA0</example>
    public required string Refresh { get; init; }

    /// <summary>Always <c>Bearer</c>.</summary>
    /// <example>Bearer</example>
    public required string TokenType { get; init; }

    /// <summary>The seconds until the access token expires.</summary>
    /// <example>900</example>
    public required int ExpiresIn { get; init; }
}

/// <summary>Changes the caller's password: <c>POST /api/customers/customers/change_password/</c>.</summary>
public sealed record ChangePasswordRequest
{
    /// <summary>The current password.</summary>
    /// <example>OldPassword123!</example>
    [Required, StringLength(1024)]
    public string OldPassword { get; set; } = "";

    /// <summary>The new password; the same rules apply as for registration.</summary>
    /// <example>NewSecureP@ss456!</example>
    [Required, StringLength(1024)]
    public string NewPassword { get; set; } = "";

    /// <summary>The new password again.</summary>
    /// <example>NewSecureP@ss456!</example>
    [Required, StringLength(1024)]
    public string NewPassword2 { get; set; } = "";
}

/// <summary>The result of an action.</summary>
public sealed record MessageResponse
{
    /// <summary>What happened, in one sentence.</summary>
    /// <example>Password changed.</example>
    public required string Message { get; init; }

    /// <summary>What it means for the caller.</summary>
    /// <example>All sessions have ended; sign in with the new password.</example>
    public required string Detail { get; init; }
}
