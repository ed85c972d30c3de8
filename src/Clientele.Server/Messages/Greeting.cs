namespace Clientele.Server.Messages;

/// <summary>The name with which a message addresses its recipient.</summary>
internal static class Greeting
{
    private const int Longest = 40;

    /// <summary>
    /// The first name, if it looks like one; otherwise nothing. Anybody can register with the e-mail address of somebody else: a "name" with a web
    /// address would make our mail an advertisement, because mail programs turn web addresses into links.
    /// </summary>
    public static string NameOf(Customer customer)
    {
        var name = customer.FirstName.Trim();
        return name.Length <= Longest && name.EnumerateRunes().All(IsInNames) ? name : "";
    }

    private static bool IsInNames(Rune rune) => rune.Value is ' ' or '\'' or '’' or '-' || Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
