namespace Clientele.Server.Accounts;

/// <summary>The formats of the two names with which a customer can sign in.</summary>
internal static class AccountNames
{
    private const int LongestUsername = 150;
    private const int LongestEmail = 254;
    private const int LongestLocalPart = 64;
    private const int LongestLabel = 63;

    /// <summary>1–150 letters, digits and <c>@ . + - _</c>.</summary>
    public static bool IsUsername(string? text) =>
        !string.IsNullOrEmpty(text)
        && text.EnumerateRunes().Count() <= LongestUsername
        && text.EnumerateRunes().All(rune => Rune.IsLetter(rune) || Rune.IsDigit(rune) || IsOneOf(rune, "@.+-_"));

    /// <summary>An e-mail address as used in practice: RFC 5321 without quoted local parts and address literals, with international names.</summary>
    public static bool IsEmail(string? text)
    {
        if (text is null || text.Length > LongestEmail || text.Split('@') is not [var local, var domain])
        {
            return false;
        }

        var labels = domain.Split('.');
        return local.Length <= LongestLocalPart
            && local.Split('.').All(atom => atom.Length > 0 && atom.EnumerateRunes().All(IsAtomText))
            && labels.Length > 1
            && labels.All(IsLabel)
            && !labels[^1].All(char.IsAsciiDigit);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel
        && label[0] != '-'
        && label[^1] != '-'
        && label.EnumerateRunes().All(rune => IsWordCharacter(rune) || rune.Value == '-');

    private static bool IsAtomText(Rune rune) => IsWordCharacter(rune) || IsOneOf(rune, "!#$%&'*+-/=?^_`{|}~");

    // Words of Indic scripts and Thai contain combining marks.
    private static bool IsWordCharacter(Rune rune) =>
        Rune.IsLetter(rune)
        || Rune.IsDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsOneOf(Rune rune, string characters) => rune.IsAscii && characters.Contains((char)rune.Value, StringComparison.Ordinal);
}
