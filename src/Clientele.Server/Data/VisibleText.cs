using System.Diagnostics.CodeAnalysis;

namespace Clientele.Server.Data;

/// <summary>The one place that decides what people can see of a text, and what a text of one line may contain.</summary>
internal static class VisibleText
{
    // Fonts show nothing for these: Unicode's Default_Ignorable_Code_Point, the marks of annotations, and the blank Braille pattern.
    private static readonly (int From, int To)[] Ignorable =
    [
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    public static bool IsInvisible(Rune rune) => Scripts.IsIn(Ignorable, rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Whether the text has no visible character. Such a text counts as empty everywhere.</summary>
    public static bool IsBlank([NotNullWhen(false)] string? text)
    {
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && !IsInvisible(rune))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The number of characters as databases and JSON schemas count them: code points.</summary>
    public static int Length(string text) => text.Length - text.Count(char.IsLowSurrogate);

    /// <summary>
    /// The error in a text of one line; null if there is none. Line breaks, control characters and invisible characters are errors. Joiners and
    /// variation selectors are not, inside emoji and in scripts that need them.
    /// </summary>
    public static string? Complaint(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        for (var i = 0; i < runes.Length; i++)
        {
            if (IsInvisible(runes[i]) && !IsNeeded(runes, i))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Must be one line of visible text; character {i + 1} is a line break, a control character or invisible (U+{runes[i].Value:X4}).");
            }
        }

        return null;
    }

    private static bool IsNeeded(Rune[] runes, int i) => i > 0 && runes[i - 1] is var before && runes[i].Value switch
    {
        0x200C => Scripts.UsesJoiners(before),
        0x200D => Scripts.UsesJoiners(before) || (EndsEmoji(before) && i + 1 < runes.Length && IsSymbol(runes[i + 1])),
        >= 0x180B and <= 0x180F => Scripts.HasVariants(before),
        >= 0xFE00 and <= 0xFE0F => IsSymbol(before) || Scripts.HasVariants(before) || IsKey(before),
        >= 0xE0020 and <= 0xE007F => before.Value is 0x1F3F4 or (>= 0xE0020 and < 0xE007F),
        >= 0xE0100 and <= 0xE01EF => Scripts.IsHan(before),
        _ => false,
    };

    private static bool EndsEmoji(Rune rune) => IsSymbol(rune) || rune.Value is 0xFE0F or 0xE007F;

    // Four characters are emoji although they are no symbols: ‼ ⁉ ℹ 〰.
    private static bool IsSymbol(Rune rune) => !rune.IsAscii && (rune.Value is 0x203C or 0x2049 or 0x2139 or 0x3030 || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.ModifierSymbol);

    /// <summary>A key of a telephone, which is an emoji with a selector.</summary>
    private static bool IsKey(Rune rune) => rune.IsAscii && (Rune.IsDigit(rune) || rune.Value is '#' or '*');
}
