using System.Text;
using Clientele.Server.Data;

namespace Clientele.Tests.Data;

[Trait("Database", "Any")]
public class JudgingVisibleText
{
    [Theory]
    [InlineData("Ada Lovelace")]
    [InlineData("O’Neil")]
    [InlineData("王小明")]
    [InlineData("Zoe\u0308")]
    [InlineData("❤️")]
    [InlineData("👩‍👩‍👧‍👦")]
    [InlineData("🧑🏽‍🚀 Ada")]
    [InlineData("🏴‍☠️")]
    [InlineData("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f")]
    [InlineData("🏃‍♀️‍➡️")]
    [InlineData("1️⃣")]
    [InlineData("‼️")]
    [InlineData("می‌خواهم")]
    [InlineData("क्‍ष")]
    [InlineData("ശ്രീ ന്‍")]
    [InlineData("葛\U000e0100城")]
    [InlineData("ᠮᠣᠩᠭᠣᠯ᠎ᠠ")]
    public void What_people_write_is_visible(string text)
    {
        Assert.Null(VisibleText.Complaint(text));
        Assert.False(VisibleText.IsBlank(text));
    }

    [Theory]
    [InlineData("Ada\nLovelace", "U+000A")]
    [InlineData("Ada\tLovelace", "U+0009")]
    [InlineData("Ada\u0085Lovelace", "U+0085")]
    [InlineData("Ada\u2028Lovelace", "U+2028")]
    [InlineData("Ada\u200bLovelace", "U+200B")]
    [InlineData("Ada\u200dLovelace", "U+200D")]
    [InlineData("Ada\u200cLovelace", "U+200C")]
    [InlineData("Ada\ufe0f", "U+FE0F")]
    [InlineData("\u202eAda", "U+202E")]
    [InlineData("Ada\u00ad", "U+00AD")]
    [InlineData("❤\u200d", "U+200D")]
    [InlineData("❤\u200cx", "U+200C")]
    [InlineData("\u200dن", "U+200D")]
    [InlineData("ن\u200c\u200cن", "U+200C")]
    [InlineData("Ada\u3164", "U+3164")]
    [InlineData("Ada\u2800", "U+2800")]
    [InlineData("Ada\U000e0041", "U+E0041")]
    [InlineData("A\U000e0100", "U+E0100")]
    public void A_line_break_or_an_invisible_character_is_named(string text, string named) =>
        Assert.Contains(named, VisibleText.Complaint(text), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\u00a0\u3000\r\n")]
    [InlineData("\u200b\ufeff\u2060")]
    [InlineData("ㅤ\uffa0\u115f\u1160")]
    [InlineData("⠀ ⠀")]
    [InlineData("\ufe0f\u200d")]
    public void A_text_of_nothing_visible_is_blank(string? text) => Assert.True(VisibleText.IsBlank(text));

    /// <summary>The list is our own. The framework knows most of the same characters by their category.</summary>
    [Fact]
    public void Format_characters_are_invisible()
    {
        int[] visible = [.. Enumerable.Range(0x0600, 6), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD, .. Enumerable.Range(0x13430, 16)];
        var formats = Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value))
            .Where(rune => Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format && !visible.Contains(rune.Value));

        Assert.All(formats, rune => Assert.True(VisibleText.IsInvisible(rune), $"U+{rune.Value:X4}"));
        Assert.All(visible, value => Assert.False(VisibleText.IsInvisible(new Rune(value)), $"U+{value:X4}"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("🦊🦊", 2)]
    [InlineData("e\u0301", 2)]
    public void Lengths_count_code_points(string text, int length) => Assert.Equal(length, VisibleText.Length(text));
}
