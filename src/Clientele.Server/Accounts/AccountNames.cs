namespace Clientele.Server.Accounts;

/// <summary>
/// The two names with which a customer can sign in: their formats, and the one form in which they are compared, for claims and for every lookup.
/// </summary>
internal static class AccountNames
{
    private const int LongestUsername = 150;
    private const int LongestEmail = 254;
    private const int LongestLocalPart = 64;
    private const int LongestLabel = 63;
    private const string Encoded = "xn--";

    private static readonly IdnMapping Idn = new();

    /// <summary>1–150 letters, digits and <c>@ . + - _</c>, as given and in compatibility form.</summary>
    public static bool IsUsername(string? text) =>
        !string.IsNullOrEmpty(text)
        && VisibleText.Length(text) <= LongestUsername
        && text.EnumerateRunes().All(IsUsernameText)
        && TextFolding.Normalise(text, NormalizationForm.FormKC).EnumerateRunes().All(IsUsernameText);

    /// <summary>An e-mail address as used in practice: RFC 5321 without quoted local parts and address literals, with international names.</summary>
    public static bool IsEmail(string? text)
    {
        if (text is null || VisibleText.Length(text) > LongestEmail || text.Split('@') is not [var local, var given] || Domain(given) is not { } domain)
        {
            return false;
        }

        var labels = domain.Split('.');
        return VisibleText.Length(local) <= LongestLocalPart
            && local.Split('.').All(atom => atom.Length > 0 && atom.EnumerateRunes().All(IsAtomText))
            && VisibleText.Complaint(given) is null
            && labels.Length > 1
            && labels.All(IsLabel)
            && !labels[^1].All(char.IsAsciiDigit);
    }

    /// <summary>An e-mail address in the form in which it is stored and shown: as given, without blanks around it and without full-width letters.</summary>
    public static string Tidy(string email) => TextFolding.Normalise(email.Trim(), NormalizationForm.FormKC);

    /// <summary>
    /// The form in which names are compared: without blanks around it, case and compatibility forms, and with the domain of an e-mail in letters. All
    /// spellings of a domain give the same key.
    /// </summary>
    public static string Key(string name)
    {
        var tidy = Tidy(name);
        var at = tidy.LastIndexOf('@');
        return at < 0 ? TextFolding.NameKey(tidy) : TextFolding.NameKey(tidy[..(at + 1)]) + DomainKey(tidy[(at + 1)..]);
    }

    /// <summary>The domain of an e-mail, or a part of one, in the form in which domains are compared.</summary>
    public static string DomainKey(string domain) => Domain(TextFolding.Normalise(domain.Trim(), NormalizationForm.FormKC)) ?? TextFolding.NameKey(domain);

    /// <summary>The form in which earlier releases claimed a name. They did not know international domains.</summary>
    public static string FormerKey(string name) => TextFolding.NameKey(name.Trim());

    /// <summary>The domain by UTS 46, non-transitional, in letters; null if it is no domain.</summary>
    private static string? Domain(string domain)
    {
        if (Ascii.IsValid(domain) && !domain.Contains(Encoded, StringComparison.OrdinalIgnoreCase))
        {
            return TextFolding.NameKey(domain);
        }

        try
        {
            var ascii = TextFolding.NameKey(Idn.GetAscii(domain));
            var letters = Idn.GetUnicode(ascii);
            return Idn.GetAscii(letters) == ascii ? letters : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsUsernameText(Rune rune) =>
        (Rune.IsLetter(rune) && !VisibleText.IsInvisible(rune)) || Rune.IsDigit(rune) || IsOneOf(rune, "@.+-_");

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel
        && label[0] != '-'
        && label[^1] != '-'
        && label.EnumerateRunes().All(rune => IsWordCharacter(rune) || rune.Value is '-' or 0x200C or 0x200D);

    private static bool IsAtomText(Rune rune) => IsWordCharacter(rune) || IsOneOf(rune, "!#$%&'*+-/=?^_`{|}~");

    // Words of Indic scripts and Thai contain combining marks.
    private static bool IsWordCharacter(Rune rune) => !VisibleText.IsInvisible(rune)
        && (Rune.IsLetter(rune)
            || Rune.IsDigit(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static bool IsOneOf(Rune rune, string characters) => rune.IsAscii && characters.Contains((char)rune.Value, StringComparison.Ordinal);
}
