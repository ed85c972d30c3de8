using System.Text.RegularExpressions;

namespace Clientele.Server.Customers;

internal static partial class LanguageTags
{
    /// <summary>
    /// Accepts well-formed BCP 47 tags and converts them to their usual case: <c>en</c>, <c>en-US</c>, <c>zh-Hant-TW</c>. It does not check
    /// whether the subtags are registered, and rejects the irregular tags that RFC 5646 only tolerates (<c>i-klingon</c>).
    /// </summary>
    public static bool TryNormalise(string? text, out string tag)
    {
        tag = (text ?? "").Trim();
        if (!Shape().IsMatch(tag))
        {
            return false;
        }

        var subtags = tag.Split('-');
        var previous = "";
        var extended = false;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < subtags.Length; i++)
        {
            var subtag = string.Concat(subtags[i].Select(char.ToLowerInvariant));
            extended |= previous.Length == 1;
            subtags[i] = (i > 0 && !extended, subtag.Length) switch
            {
                (true, 2) => subtag.ToUpperInvariant(),
                (true, 4) => char.ToUpperInvariant(subtag[0]) + subtag[1..],
                _ => subtag,
            };

            var repeatable = i == 0 || previous == "x" || (extended && subtag.Length > 1);
            if (!repeatable && !seen.Add(subtag))
            {
                return false;
            }

            if (previous != "x")
            {
                previous = subtag;
            }
        }

        tag = string.Join('-', subtags);
        return true;
    }

    [GeneratedRegex(
        """
        ^(?:
          (?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})      # language, extended language
          (?:-[a-z]{4})?                                   # script
          (?:-(?:[a-z]{2}|[0-9]{3}))?                      # region
          (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*         # variants
          (?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*             # extensions
          (?:-x(?:-[a-z0-9]{1,8})+)?                       # private use
        | x(?:-[a-z0-9]{1,8})+
        )\z
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
