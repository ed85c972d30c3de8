namespace Clientele.Server.Accounts;

/// <summary>The settings under <c>Security:</c>.</summary>
internal sealed class SecuritySettings : IValidatableObject
{
    private const int LongestName = 60;

    /// <summary>Whether staff must set up a second factor before they can do anything else.</summary>
    public bool StaffNeedFactor { get; set; }

    /// <summary>The name of the shop that an authenticator app shows with the codes.</summary>
    public string AuthenticatorName { get; set; } = "Clientele";

    /// <summary>A colon separates the shop from the account in the URI that the app reads.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(AuthenticatorName) || AuthenticatorName.Length > LongestName || AuthenticatorName.Contains(':', StringComparison.Ordinal))
        {
            yield return new($"Security:AuthenticatorName: must have 1 to {LongestName} characters and no colon.");
        }
    }
}
