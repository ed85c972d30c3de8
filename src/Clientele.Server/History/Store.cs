namespace Clientele.Server.History;

/// <summary>The settings under <c>Store:</c>.</summary>
internal sealed class Store : IValidatableObject
{
    /// <summary>The currency of statistics and tiers, an ISO 4217 code.</summary>
    public string Currency { get; set; } = "USD";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Currencies.TryNormalise(Currency, out var known) || known != Currency)
        {
            yield return new($"Store:Currency: {Currency} is not an ISO 4217 code such as USD.");
        }
    }
}
