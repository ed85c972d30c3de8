using System.Globalization;

namespace Clientele.ConsoleApp.Shared;

/// <summary>Amounts of money as text in the viewer's language.</summary>
internal static class Amounts
{
    /// <summary>
    /// An amount with its currency: <c>Amounts.Text(1234.5m, "EUR")</c> is <c>€1,234.50</c> in English. Without a currency, the number alone.
    /// </summary>
    public static string Text(decimal amount, string? currency) =>
        currency is null ? amount.ToString("N2", CultureInfo.CurrentCulture) : Text(amount, currency, CultureInfo.CurrentCulture, 2);

    /// <summary>An amount with its currency, in a language and with a number of decimal places.</summary>
    public static string Text(decimal amount, string currency, CultureInfo culture, int digits)
    {
        var format = (NumberFormatInfo)culture.NumberFormat.Clone();
        (format.CurrencySymbol, format.CurrencyDecimalDigits) = (Symbol(currency), digits);

        // A code of letters needs a space between itself and the number.
        if (format.CurrencySymbol.Length > 1)
        {
            format.CurrencyPositivePattern |= 2;
            format.CurrencyNegativePattern = format.CurrencyPositivePattern == 2 ? 9 : 8;
        }

        return amount.ToString("C", format);
    }

    private static string Symbol(string currency) => currency switch
    {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        _ => currency,
    };
}
