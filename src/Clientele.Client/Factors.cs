using System.ComponentModel.DataAnnotations;

namespace Clientele.Client;

/// <summary>Completes a sign-in with a second factor: <c>POST /api/auth/token/factor/</c>.</summary>
public sealed record FactorTokenRequest
{
    /// <summary>The challenge of the <c>factor_required</c> problem.</summary>
    /// <example>123.6yqk2cVbQbK1uV9mXoYp5w2gq7mM0l3JtF4nQ8sWcA0</example>
    [Required, StringLength(100)]
    public string Challenge { get; set; } = "";

    /// <summary>A code of the authenticator app, or a recovery code, with or without dashes and blanks.</summary>
    /// <example>492039</example>
    [StringLength(40)]
    public string? Code { get; set; }

    /// <summary>In place of a code, the use of a passkey with the options of <c>POST /api/auth/passkeys/options/</c>.</summary>
    public PasskeyAssertion? Assertion { get; set; }
}

/// <summary>Confirms who the caller is: <c>POST /api/auth/step_up/</c>.</summary>
public sealed record StepUpRequest
{
    /// <summary>The password. It is enough for an account without a second factor, and only for such an account.</summary>
    /// <example>SecureP@ssw0rd123!</example>
    [StringLength(1024)]
    public string? Password { get; set; }

    /// <summary>A code of the authenticator app, or a recovery code, for an account with a second factor.</summary>
    /// <example>492039</example>
    [StringLength(40)]
    public string? Code { get; set; }

    /// <summary>In place of a code, the use of a passkey with the options of <c>POST /api/auth/passkeys/options/</c>.</summary>
    public PasskeyAssertion? Assertion { get; set; }
}

/// <summary>An access token for sensitive changes.</summary>
public sealed record StepUpResponse
{
    /// <summary>The access token, a JWT whose <c>acr</c> is <c>step_up</c>. Use it like the ordinary one.</summary>
    /// <example>eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl</example>
    public required string Access { get; init; }

    /// <summary>Always <c>Bearer</c>.</summary>
    /// <example>Bearer</example>
    public required string TokenType { get; init; }

    /// <summary>The seconds until the token expires. It cannot be refreshed.</summary>
    /// <example>300</example>
    public required int ExpiresIn { get; init; }
}

/// <summary>The second factors of an account.</summary>
public sealed record FactorsResponse
{
    /// <summary>The authenticator app; null if there is none.</summary>
    public required TotpResponse? Totp { get; init; }

    /// <summary>The passkeys, the oldest first.</summary>
    public required IReadOnlyList<PasskeyResponse> Passkeys { get; init; }

    /// <summary>How many recovery codes have not been used yet.</summary>
    /// <example>10</example>
    public required int RecoveryCodesLeft { get; init; }
}

/// <summary>An authenticator app that is on.</summary>
public sealed record TotpResponse
{
    /// <summary>When the app was turned on.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime EnabledAt { get; init; }
}

/// <summary>What an authenticator app needs. It is shown this once.</summary>
public sealed record TotpSetupResponse
{
    /// <summary>The secret in Base32, for people who type it in.</summary>
    /// <example>JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP</example>
    public required string Secret { get; init; }

    /// <summary>The <c>otpauth://</c> URI with the secret, which the app opens.</summary>
    /// <example>otpauth://totp/Clientele:johndoe?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&amp;issuer=Clientele</example>
    public required string Uri { get; init; }

    /// <summary>The URI as a QR code, an SVG image.</summary>
    /// <example>&lt;svg xmlns="http://www.w3.org/2000/svg"&gt;&lt;/svg&gt;</example>
    public required string QrSvg { get; init; }
}

/// <summary>Turns an authenticator app on: <c>POST /api/auth/factors/totp/confirm/</c>.</summary>
public sealed record ConfirmTotpRequest
{
    /// <summary>The app's current code.</summary>
    /// <example>492039</example>
    [Required, StringLength(40), OneLine]
    public string Code { get; set; } = "";
}

/// <summary>The recovery codes, each for one use. They are shown this once.</summary>
public sealed record RecoveryCodesResponse
{
    /// <summary>The codes.</summary>
    /// <example>["7k2m-9x4q-c0wd", "b3hf-t8zn-51rv"]</example>
    public required IReadOnlyList<string> RecoveryCodes { get; init; }
}
