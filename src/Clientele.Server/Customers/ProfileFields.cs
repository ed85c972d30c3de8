using Clientele.Server.Accounts;

namespace Clientele.Server.Customers;

/// <summary>The members of a profile that need more than a format check; one validator for registration, PUT and PATCH.</summary>
internal sealed record ProfileFields(string Email, string? Phone, string Language, string Currency, DateOnly? DateOfBirth)
{
    private static readonly DateOnly Earliest = new(1900, 1, 1);

    /// <summary>Adds the errors, and returns phone, language and currency in normal form.</summary>
    public (string? Phone, string Language, string Currency) Check(Errors errors, DateTime now)
    {
        if (!errors.Has("email") && !AccountNames.IsEmail(Email))
        {
            errors.Add("email", "Must be an e-mail address, such as john@example.com.");
        }

        var phone = PhoneNumbers.Check(Phone, errors);
        if (!LanguageTags.TryNormalise(Language, out var language) && !errors.Has("preferred_language"))
        {
            errors.Add("preferred_language", "Must be a language tag, such as en or pt-BR.");
        }

        if (!Currencies.TryNormalise(Currency, out var currency) && !errors.Has("preferred_currency"))
        {
            errors.Add("preferred_currency", "Must be an ISO 4217 code, such as USD.");
        }

        if (DateOfBirth is { } born && (born < Earliest || born > DateOnly.FromDateTime(now)))
        {
            errors.Add("date_of_birth", "Must be between 1900-01-01 and today.");
        }

        return (phone, language, currency);
    }
}
