using Clientele.Server.Accounts;
using Clientele.Server.Http;

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

        string? phone = null;
        if (!errors.Has("phone") && !string.IsNullOrWhiteSpace(Phone) && !PhoneNumbers.TryNormalise(Phone, out phone))
        {
            errors.Add("phone", "Must be a phone number with its country code, such as +1234567890.");
        }

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

        return (string.IsNullOrEmpty(phone) ? null : phone, language, currency);
    }
}
