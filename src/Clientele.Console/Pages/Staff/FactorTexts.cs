using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Staff;

/// <summary>The second factors of an account in a few words.</summary>
internal static class FactorTexts
{
    /// <summary>Such as <c>Authenticator app, 2 passkeys</c>; null if there is none.</summary>
    public static string? Of(FactorsResponse factors)
    {
        string[] texts =
        [
            .. factors.Totp is null ? Array.Empty<string>() : ["Authenticator app"],
            .. factors.Passkeys.Count == 0 ? Array.Empty<string>() : [Wording.Count(factors.Passkeys.Count, "passkey")],
        ];
        return texts.Length == 0 ? null : string.Join(", ", texts);
    }
}
