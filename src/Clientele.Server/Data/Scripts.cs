namespace Clientele.Server.Data;

/// <summary>The scripts that need a treatment of their own.</summary>
internal static class Scripts
{
    private static readonly (int From, int To)[] Han =
    [
        (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
        (0x20000, 0x3FFFF),
    ];

    private static readonly (int From, int To)[] KanaAndHangul =
    [
        (0x1100, 0x11FF), (0x3041, 0x30FA), (0x30FC, 0x318F), (0x31F0, 0x31FF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xFF66, 0xFFDC), (0x1AFF0, 0x1B16F),
    ];

    // Arabic and its relatives, the scripts of India and its neighbours, Mongolian, and their extensions.
    private static readonly (int From, int To)[] Joining =
    [
        (0x0600, 0x0DFF), (0x1780, 0x18AF), (0xA840, 0xA8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0x10D00, 0x10D3F), (0x11000, 0x11FFF),
        (0x1E900, 0x1E95F),
    ];

    // Mongolian, Myanmar and Phags-pa.
    private static readonly (int From, int To)[] Variants = [(0x1000, 0x109F), (0x1820, 0x18AA), (0xA840, 0xA877)];

    public static bool IsHan(Rune rune) => IsIn(Han, rune);

    /// <summary>Han, Kana and Hangul are written without blanks between words.</summary>
    public static bool HasNoBlanks(Rune rune) => IsHan(rune) || IsIn(KanaAndHangul, rune);

    /// <summary>Whether an invisible joiner after the letter can change how a word looks.</summary>
    public static bool UsesJoiners(Rune rune) => IsIn(Joining, rune) && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Whether the letter has variants that are chosen by an invisible selector.</summary>
    public static bool HasVariants(Rune rune) => IsHan(rune) || IsIn(Variants, rune);

    public static bool IsIn((int From, int To)[] ranges, Rune rune) =>
        rune.Value >= ranges[0].From && Array.Exists(ranges, range => range.From <= rune.Value && rune.Value <= range.To);
}
