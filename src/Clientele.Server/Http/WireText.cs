namespace Clientele.Server.Http;

/// <summary>Decides which texts are accepted from a client in bodies, query strings and paths, before anything else reads them.</summary>
internal static class WireText
{
    public const string Unstorable = "Contains a character that cannot be stored: NUL, an unpaired surrogate, or bytes that are not UTF-8.";

    /// <summary>
    /// Unicode's stream-safe format (UAX #15) allows this many in a row, more than any script needs. Normalisation sorts them, in time that grows
    /// with the square of their number.
    /// </summary>
    private const int MostMarks = 30;

    /// <summary>The error in the text; null if there is none.</summary>
    public static string? Complaint(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Contains('\0', StringComparison.Ordinal) ? Unstorable : null;
        }

        var marks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0)
            {
                return Unstorable;
            }

            marks = IsMark(rune) ? marks + 1 : 0;
            if (marks > MostMarks)
            {
                return $"Contains more than {MostMarks} combining marks in a row.";
            }
        }

        return null;
    }

    private static bool IsMark(Rune rune) =>
        !rune.IsAscii && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
