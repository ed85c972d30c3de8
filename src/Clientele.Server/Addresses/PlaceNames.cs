using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Clientele.Server.Addresses;

/// <summary>The forms in which names of countries and regions are compared.</summary>
internal static partial class PlaceNames
{
    /// <summary>What a region can be called before or after its name, in the form of <see cref="Words"/>.</summary>
    private static readonly FrozenSet<string> Kinds = Folded(
        "province prefecture state region governorate county district department oblast krai kray okrug republic parish emirate territory",
        "municipality",
        "metropolis metropolitan autonomous special self governing administrative union",
        "provincia estado departamento comunidad distrito municipio parroquia autonoma autonomo regione provinz",
        "provinsi propinsi wilayah tinh respublika республика область край округ автономный автономная oblysy облысы ili vilayeti marz maakond gobolka",
        "محافظة إمارة ولاية منطقة استان");

    /// <summary>Words with such a meaning only after the name: they are transcribed, and short enough to be names themselves.</summary>
    private static readonly FrozenSet<string> KindsBehind = Folded("sheng shi zizhiqu ken fu to do si gwangyeoksi republits");

    private static readonly FrozenSet<string> KindsBefore = Folded("co thanh pho tp");

    private static readonly FrozenSet<string> Connectors = Folded("of the de del di della do da du d");

    private static readonly string ThaiKind = TextFolding.Fold("จังหวัด");

    /// <summary>
    /// The letters and digits of a name, without case and accents. "St." is "Saint", and "&amp;" is "and". Names with equal keys are the same name.
    /// </summary>
    public static string Key(string name) => string.Concat(Words(name));

    /// <summary>The key of a name without what the region is called: "Guangdong" of "Guangdong Province", "Dublin" of "Co. Dublin".</summary>
    public static string Short(string name)
    {
        var words = Words(name).AsSpan();
        while (words.Length > 1)
        {
            if (Kinds.Contains(words[^1]) || KindsBehind.Contains(words[^1]))
            {
                words = words[..^1];
            }
            else if (KindsBefore.Contains(words[0]))
            {
                words = words[1..];
            }
            else if (Kinds.Contains(words[0]))
            {
                words = words[1..];
                while (words.Length > 1 && Connectors.Contains(words[0]))
                {
                    words = words[1..];
                }
            }
            else
            {
                break;
            }
        }

        var key = string.Concat(words);
        if (key.StartsWith(ThaiKind, StringComparison.Ordinal))
        {
            key = key[ThaiKind.Length..];
        }

        return KindAtEnd().Match(key) is { Success: true } kind ? key[..kind.Index] : key;
    }

    /// <summary>The number of letters to add, remove or replace to make one key the other.</summary>
    public static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    /// <summary>Whether all letters are Latin.</summary>
    public static bool IsLatin(string text) =>
        text.EnumerateRunes().All(rune => rune.Value is < 0x370 or (>= 0x1E00 and < 0x1F00) || !Rune.IsLetter(rune));

    /// <summary>Whether a name is in Han, Kana or Hangul: the family name is then written first.</summary>
    public static bool IsFamilyFirst(string name) =>
        name.Length > 0 && name.EnumerateRunes().All(rune => rune.Value is >= 0x3040 and < 0xA000 or >= 0xAC00 and < 0xD7B0 or >= 0x20000);

    // Vowel signs are marks, and an apostrophe does not end a word.
    private static string[] Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in TextFolding.Fold(name).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(rune);
            }
            else if (rune.Value != '\'' && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format))
            {
                End();
                if (rune.Value == '&')
                {
                    words.Add("and");
                }
            }
        }

        End();
        return [.. words];

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString() is var text && text == "saint" ? "st" : text);
                word.Clear();
            }
        }
    }

    private static FrozenSet<string> Folded(params string[] lines) =>
        lines.SelectMany(line => Words(line)).ToFrozenSet(StringComparer.Ordinal);

    // At least two characters remain, so that 京都 and 北海道 keep what belongs to the name or stay recognisable.
    [GeneratedRegex(
        "(?<=..)(?:特别行政区|特別行政區|(?:壮族|回族|维吾尔)?自治区|省|市|縣|县|都|道|府|県|특별자치도|특별자치시|특별시|광역시|직할시|도|시|maa)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex KindAtEnd();
}
