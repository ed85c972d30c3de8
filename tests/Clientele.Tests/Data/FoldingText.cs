using System.Text;
using Clientele.Server.Data;
using FsCheck;
using FsCheck.Fluent;

namespace Clientele.Tests.Data;

[Trait("Database", "Any")]
public class FoldingText
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true);

    private static readonly string[] AllCharacters =
    [
        .. Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value).ToString()),
    ];

    [Theory]
    [InlineData("José MÜLLER", "jose muller")]
    [InlineData("Straße Øre Łódź Æsir œuvre", "strasse ore lodz aesir oeuvre")]
    [InlineData("Đặng İstanbul ılık Þór Ħal", "dang istanbul ilik thor hal")]
    [InlineData("ﬁne ｆｕｌｌ ΣΊΣΥΦΟΣ σίσυφος", "fine full σισυφοσ σισυφοσ")]
    [InlineData("O’Neil", "o'neil")]
    [InlineData("김철수", "김철수")]
    public void Case_accents_and_forms_fold_away(string text, string folded) => Assert.Equal(folded, TextFolding.Fold(text));

    [Theory]
    [InlineData("JohnDoe", "johndoe")]
    [InlineData("ＪｏｈｎＤｏｅ", "johndoe")]
    [InlineData("STRASSE", "straße")]
    [InlineData("STRAẞE", "straße")]
    [InlineData("José", "JOSE\u0301")]
    [InlineData("Σίσυφος", "ΣΊΣΥΦΟΣ")]
    [InlineData("ᾳ", "ΑΙ")]
    [InlineData("Kelvin", "\u212aelvin")]
    public void Spellings_of_one_name_have_one_key(string one, string other) =>
        Assert.Equal(TextFolding.NameKey(one), TextFolding.NameKey(other));

    [Theory]
    [InlineData("jose", "josé")]
    [InlineData("i", "ı")]
    [InlineData("o", "ø")]
    public void Different_letters_are_different_names(string one, string other) =>
        Assert.NotEqual(TextFolding.NameKey(one), TextFolding.NameKey(other));

    [Fact]
    public void Folding_twice_changes_nothing()
    {
        Assert.All(Folded(TextFolding.Fold), pair => Assert.Equal(pair.Once, pair.Twice));
        Prop.ForAll<string>(text => Twice(TextFolding.Fold, text ?? "")).Check(Often);
        Prop.ForAll<int[]>(picks => Twice(TextFolding.Fold, Mixture(picks))).Check(Often);
    }

    [Fact]
    public void The_key_of_a_key_is_the_key()
    {
        Assert.All(Folded(TextFolding.NameKey), pair => Assert.Equal(pair.Once, pair.Twice));
        Prop.ForAll<string>(text => Twice(TextFolding.NameKey, text ?? "")).Check(Often);
        Prop.ForAll<int[]>(picks => Twice(TextFolding.NameKey, Mixture(picks))).Check(Often);
    }

    [Fact]
    public void Upper_and_lower_case_of_every_character_have_one_key()
    {
        // The dotted and the dotless i are separate letters.
        foreach (var text in AllCharacters.Where(text => text is not ("İ" or "ı")))
        {
            var key = TextFolding.NameKey(text);

            Assert.Equal(key, TextFolding.NameKey(text.ToUpperInvariant()));
            Assert.Equal(key, TextFolding.NameKey(Rune.ToLowerInvariant(text.EnumerateRunes().First()).ToString()));
        }
    }

    [Theory]
    [InlineData("\ud800")]
    [InlineData("a\udc00b\ud800")]
    [InlineData("\0")]
    [InlineData("\ufffe")]
    public void Malformed_text_does_not_throw(string text)
    {
        Assert.NotNull(TextFolding.Fold(text));
        Assert.NotNull(TextFolding.NameKey(text));
        Assert.NotNull(TextFolding.SearchText(text));
        Assert.Equal(VisibleText.IsBlank(text), TextFolding.SearchTerms(text).Count == 0);
    }

    private static IEnumerable<(string Once, string Twice)> Folded(Func<string, string> fold) => AllCharacters
        .Select(fold)
        .Select(once => (once, fold(once)))
        .Where(pair => !string.Equals(pair.once, pair.Item2, StringComparison.Ordinal));

    private static bool Twice(Func<string, string> fold, string text) =>
        string.Equals(fold(text), fold(fold(text)), StringComparison.Ordinal);

    // The string generator produces only Latin text, but bases and marks of all scripts in any order are what breaks normalisation.
    private static string Mixture(int[]? picks) =>
        string.Concat((picks ?? []).Select((pick, i) => AllCharacters[(uint)((pick * 7919) + (i * 104729)) % 0x3000]));
}
