using Clientele.Server.Accounts;

namespace Clientele.Server.Customers;

/// <summary>The members of a profile that need more than a format check; one validator for registration, PUT and PATCH.</summary>
internal sealed record ProfileFields(string Email, string? Phone, string Language, string Currency, DateOnly? DateOfBirth)
{
    private static readonly DateOnly Earliest = new(1900, 1, 1);

    /// <summary>Adds the errors, and returns the values in normal form. A stored value stays valid, even if the rules have changed since.</summary>
    public ProfileFields Check(Errors errors, DateTime now, string? region, ProfileFields? stored = null)
    {
        var email = Email == stored?.Email ? Email : AccountNames.Tidy(Email);
        if (email != stored?.Email && !errors.Has("email") && !AccountNames.IsEmail(email))
        {
            errors.Add("email", "Must be an e-mail address, such as john@example.com.");
        }

        var phone = Phone == stored?.Phone ? Phone : PhoneNumbers.Check(Phone, region, errors);
        if (!LanguageTags.TryNormalise(Language, out var language) && Language != stored?.Language && !errors.Has("preferred_language"))
        {
            errors.Add("preferred_language", "Must be a language tag, such as en or pt-BR.");
        }

        if (!Currencies.TryNormalise(Currency, out var currency) && Currency != stored?.Currency && !errors.Has("preferred_currency"))
        {
            errors.Add("preferred_currency", "Must be an ISO 4217 code, such as USD.");
        }

        if (DateOfBirth is { } born && born != stored?.DateOfBirth && (born < Earliest || born > DateOnly.FromDateTime(now)))
        {
            errors.Add("date_of_birth", "Must be between 1900-01-01 and today.");
        }

        return new(email, phone, Language == stored?.Language ? Language : language, Currency == stored?.Currency ? Currency : currency, DateOfBirth);
    }
}
