using PhoneNumbers;

namespace Clientele.Server.Customers;

/// <summary>
/// Reads phone numbers as people write them, and stores them as E.164. The calling code must exist; otherwise the numbering plan of a country is not
/// enforced, because plans change.
/// </summary>
internal static class PhoneNumbers
{
    private const int Shortest = 5;
    private const int Longest = 15;
    private const string Example = "such as +1234567890";
    private const string Extension = "An extension cannot be stored here. Send the number without it.";

    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    /// <summary>Returns the number as E.164; null if there is none, or if it is not valid, which is added to the errors.</summary>
    /// <param name="text">The number as the caller sent it.</param>
    /// <param name="region">The country of numbers without a country code, as alpha-2; null if they need one.</param>
    /// <param name="errors">The errors of the request.</param>
    public static string? Check(string? text, string? region, Errors errors)
    {
        if (errors.Has("phone") || VisibleText.IsBlank(text))
        {
            return null;
        }

        var phone = Read(text, region, out var complaint);
        if (complaint is not null)
        {
            errors.Add("phone", complaint);
        }

        return phone;
    }

    public static bool TryNormalise(string? text, string? region, out string phone) => (phone = Read(text ?? "", region, out _) ?? "").Length > 0;

    /// <summary>The ways to dial a stored number, in digits: from abroad, and inside its country. For the search.</summary>
    public static IEnumerable<string> Dialled(string? phone)
    {
        if (phone is not ['+', ..])
        {
            yield break;
        }

        yield return "00" + phone[1..];
        if (TryParse(phone, null) is { } number && Prefix(Plans.GetRegionCodeForCountryCode(number.CountryCode)) is { } prefix)
        {
            var national = prefix + phone[(1 + CodeLength(number))..];
            if (!phone.Contains(national, StringComparison.Ordinal))
            {
                yield return national;
            }
        }
    }

    /// <summary>The country calling code of a stored number, such as <c>+44</c>.</summary>
    public static string CallingCode(string phone) =>
        TryParse(phone, null) is { } number ? string.Create(CultureInfo.InvariantCulture, $"+{number.CountryCode}") : "unknown";

    /// <summary>The text that a rule compares with stored numbers: the number as E.164, or the digits of a part of one.</summary>
    public static string Compared(string text, string? region, bool isWhole) =>
        isWhole && TryNormalise(text, region, out var phone) ? phone
        : Digits(Plain(text), plus: true) is { Length: > 0 } part ? part
        : text;

    /// <summary>The number of the beginning of one: <c>00</c> and the prefix of national calls become the calling code.</summary>
    public static string Beginning(string text, string? region)
    {
        var part = Digits(Plain(text), plus: true);
        return part.StartsWith("00", StringComparison.Ordinal) ? "+" + part[2..]
            : region is not null && Prefix(region) is { } prefix && part.StartsWith(prefix, StringComparison.Ordinal)
                ? string.Create(CultureInfo.InvariantCulture, $"+{Plans.GetCountryCodeForRegion(region)}{part[prefix.Length..]}")
            : part.Length > 0 ? part : text;
    }

    private static string? Read(string text, string? region, out string? complaint)
    {
        var plain = Plain(text);
        var digits = Digits(plain, plus: true);
        if (Problem(plain, digits) is { } wrong)
        {
            complaint = wrong;
            return null;
        }

        // Everywhere 00 stands for the plus, although some countries dial other digits. Italian numbers keep their zero, also after their country code.
        var international = digits.StartsWith("00", StringComparison.Ordinal) ? "+" + digits[2..] : digits;
        if (TryParse(international, region) is not { } number)
        {
            complaint = international.StartsWith('+') ? $"No country has this calling code. Must be a phone number, {Example}."
                : region is null ? $"Must be a phone number with its country code, {Example}."
                : $"Must be a phone number as it is dialled in {region}, or with its country code, {Example}.";
            return null;
        }

        var phone = Plans.Format(number, PhoneNumberFormat.E164);
        complaint = phone.Length - 1 - CodeLength(number) < Shortest ? $"Is too short: at least {Shortest} digits must follow the country code."
            : phone.Length - 1 > Longest ? $"Is too long: at most {Longest} digits, with the country code."
            : null;
        return complaint is null ? phone : null;
    }

    /// <summary>What is wrong with the characters of a number; null if nothing is.</summary>
    private static string? Problem(string plain, string digits)
    {
        if (plain.All(IsPunctuationOrDigit) && digits.LastIndexOf('+') <= 0)
        {
            return null;
        }

        return TryParse(plain, null) is { HasExtension: true } || TryParse("+1 " + plain, null) is { HasExtension: true } ? Extension
            : plain.EnumerateRunes().Any(Rune.IsLetter) ? $"Must be digits, {Example}. Letters cannot be dialled."
            : $"Must be one phone number, {Example}: digits, blanks and . - / ( ) [ ].";
    }

    /// <summary>The digits that precede a number in calls inside its country; null if there are none.</summary>
    private static string? Prefix(string region) => Plans.GetNddPrefixForRegion(region, true) is { Length: > 0 } prefix ? prefix : null;

    private static int CodeLength(PhoneNumber number) => number.CountryCode.ToString(CultureInfo.InvariantCulture).Length;

    private static PhoneNumber? TryParse(string text, string? region)
    {
        try
        {
            return Plans.Parse(text, region);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>The text with plain digits, without <c>tel:</c>, invisible formatting and the zero in brackets that is dialled only inside a country.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in TextFolding.Normalise(text, NormalizationForm.FormKC).EnumerateRunes())
        {
            if (!VisibleText.IsInvisible(rune))
            {
                plain.Append(TextFolding.AsciiDigit(rune));
            }
        }

        var number = plain.ToString().Trim();
        number = number.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? number[4..].TrimStart() : number;
        var isItalian = Digits(number).TrimStart('0').StartsWith("39", StringComparison.Ordinal);
        return isItalian || !(number.StartsWith('+') || number.StartsWith("00", StringComparison.Ordinal)) ? number
            : number.Replace("(0)", "", StringComparison.Ordinal);
    }

    private static string Digits(string text, bool plus = false) => string.Concat(text.Where(c => char.IsAsciiDigit(c) || (plus && c == '+')));

    private static bool IsPunctuationOrDigit(char c) =>
        char.IsAsciiDigit(c) || char.IsWhiteSpace(c) || "+.-‐‒–—−ー/()[]".Contains(c, StringComparison.Ordinal);
}
