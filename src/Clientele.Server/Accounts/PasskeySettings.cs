namespace Clientele.Server.Accounts;

/// <summary>The settings under <c>Passkeys:</c>.</summary>
internal sealed class PasskeySettings : IValidatableObject
{
    /// <summary>The domain for which passkeys are valid; null for the host of <c>PublicUrl</c>. A change makes all passkeys useless.</summary>
    public string? Domain { get; set; }

    /// <summary>The name of the service that authenticators show.</summary>
    public string Name { get; set; } = "Clientele";

    /// <summary>The origins of other pages that may create and use passkeys, such as <c>https://shop.example</c>.</summary>
    public IList<string> Origins { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Domain is not null && Uri.CheckHostName(Domain) != UriHostNameType.Dns)
        {
            yield return new($"Passkeys:Domain: must be a domain such as shop.example, without scheme and port, not {Errors.Cut(Domain)}.");
        }

        if (string.IsNullOrWhiteSpace(Name))
        {
            yield return new("Passkeys:Name: must not be empty.");
        }

        foreach (var (i, origin) in Origins.Index().Where(one => !Cors.IsOrigin(one.Item)))
        {
            yield return new($"Passkeys:Origins:{i}: must be an origin such as https://shop.example, without a path, not {Errors.Cut(origin)}.");
        }
    }
}
