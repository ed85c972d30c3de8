using Clientele.Server.Addresses;

namespace Clientele.Server.Customers;

/// <summary>The settings under <c>Store:</c>.</summary>
internal sealed class Store : IValidatableObject
{
    private const int LongestName = 100;

    /// <summary>The name of the shop in mails and SMS.</summary>
    public string Name { get; set; } = "Clientele";

    /// <summary>The currency of statistics and tiers, an ISO 4217 code.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>The country in which phone numbers without a country code are understood, an ISO 3166-1 code; null if every number needs one.</summary>
    public string? Country { get; set; }

    /// <summary>The country's alpha-2 code.</summary>
    public string? Region => Country is { Length: 2 or 3 } ? CountryRules.Default.Find(Country)?.Alpha2 : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (VisibleText.IsBlank(Name) || Name.Length > LongestName || Name.Any(char.IsControl))
        {
            yield return new($"Store:Name: must be a name of at most {LongestName} characters, such as Umbrella Shop.");
        }

        if (!Currencies.TryNormalise(Currency, out var known) || known != Currency)
        {
            yield return new($"Store:Currency: {Currency} is not an ISO 4217 code such as USD.");
        }

        if (!string.IsNullOrEmpty(Country) && Region is null)
        {
            yield return new($"Store:Country: {Errors.Cut(Country)} is not an ISO 3166-1 code such as US or USA.");
        }
    }
}
