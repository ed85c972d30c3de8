using System.Globalization;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>Languages and currencies to choose from. The API takes others, too.</summary>
internal static class Locales
{
    private static readonly string[] AllLanguages =
    [
        "en", "en-GB", "en-US", "ar", "bg", "bn", "ca", "cs", "da", "de", "de-AT", "de-CH", "el", "es", "es-MX", "et", "fa", "fi", "fr", "fr-CA",
        "fr-CH", "ga", "he", "hi", "hr", "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "nl-BE", "pl", "pt", "pt-BR", "ro",
        "ru", "sk", "sl", "sq", "sr", "sv", "th", "tr", "uk", "ur", "vi", "zh", "zh-Hant",
    ];

    private static readonly string[] AllCurrencies =
    [
        "USD", "EUR", "GBP", "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "HKD", "HUF", "IDR", "ILS",
        "INR", "ISK", "JPY", "KES", "KRW", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "RON", "RSD", "RUB", "SAR", "SEK",
        "SGD", "THB", "TRY", "TWD", "UAH", "VND", "ZAR",
    ];

    /// <summary>A tag with the language's name, if the browser knows one.</summary>
    public static string Language(string code)
    {
        try
        {
            var name = CultureInfo.GetCultureInfo(code).EnglishName;
            return name.StartsWith("Unknown", StringComparison.Ordinal) || name == code ? code : $"{name} ({code})";
        }
        catch (CultureNotFoundException)
        {
            return code;
        }
    }

    public static IEnumerable<string> Languages(string? text) => Find(AllLanguages, text, Language);

    public static IEnumerable<string> Currencies(string? text) => Find(AllCurrencies, text, code => code);

    /// <summary>All if the text is one of them, so that an open list can be read through.</summary>
    private static IEnumerable<string> Find(string[] all, string? text, Func<string, string> name) =>
        string.IsNullOrEmpty(text) || all.Contains(text) ? all : all.Where(code => name(code).Contains(text, StringComparison.OrdinalIgnoreCase));
}
