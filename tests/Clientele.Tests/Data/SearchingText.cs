using Clientele.Server.Data;
using FsCheck;
using FsCheck.Fluent;

namespace Clientele.Tests.Data;

public class SearchingText
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true);

    [Theory]
    [InlineData("1234567890")]
    [InlineData("234567")]
    [InlineData("(123)456-7890")]
    [InlineData("+1(234)567")]
    [InlineData("+1 234 567")]
    [InlineData("123 - 456.7890")]
    [InlineData("12")]
    public void Phones_are_found_however_they_are_punctuated(string search) => Assert.True(Finds(search, "+1234567890"));

    [Theory]
    [InlineData("jo", true)]
    [InlineData("DO", true)]
    [InlineData("oh", false)]
    [InlineData("ohn", true)]
    [InlineData("lu", true)]
    [InlineData("uc", false)]
    [InlineData("ne", true)]
    [InlineData("o'neil", true)]
    [InlineData("muller", true)]
    [InlineData("MÜLLER john", true)]
    [InlineData("muller jane", false)]
    [InlineData("ex", true)]
    [InlineData("xa", false)]
    [InlineData("john@example.com", true)]
    [InlineData("%", false)]
    [InlineData("___", false)]
    [InlineData("johndoe", false)]
    public void Every_term_must_occur_and_short_ones_begin_a_word(string search, bool found) =>
        Assert.Equal(found, Finds(search, "John", "Doe", "Jean-Luc O’Neil\tMüller", "john@example.com", null, ""));

    [Theory]
    [InlineData("0,2")]
    [InlineData("0\u00A82")] // The diaeresis alone is a blank and a mark once it is decomposed.
    [InlineData("+1,44")]
    public void Numbers_are_joined_to_one_only_across_blanks_that_were_typed(string word) => Assert.True(Finds(word, word));

    [Fact]
    public void The_text_is_the_fields_and_then_what_short_terms_and_numbers_need() =>
        Assert.Equal(" jean-luc doe +1234567890 id2024-01 lu 12 01 202401", TextFolding.SearchText("Jean-Luc  Doe", "+1234567890", "ID2024-01"));

    [Theory]
    [InlineData("", 0)]
    [InlineData("  \t ", 0)]
    [InlineData("( )", 2)]
    [InlineData("- john", 1)]
    [InlineData("john JOHN", 1)]
    public void Punctuation_alone_is_a_term_only_when_there_is_no_other(string search, int terms) =>
        Assert.Equal(terms, TextFolding.SearchTerms(search).Count);

    [Fact]
    public void A_field_is_found_by_its_own_words()
    {
        Prop.ForAll<string, string>((one, other) => FoundByItsWords(one ?? "", other ?? "")).Check(Often);
        Prop.ForAll<int[], int[]>((one, other) => FoundByItsWords(Mixture(one), Mixture(other))).Check(Often);
    }

    private static bool FoundByItsWords(string one, string other) =>
        $"{one} {other}"
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .All(word => Finds(word, one, other));

    // Digits, phone punctuation, letters and spaces are mixed here more often than in the generator's strings.
    private static string Mixture(int[]? picks)
    {
        const string Characters = "0123+-.()/@ aBé王\u0301ß½";
        return string.Concat((picks ?? []).Select(pick => Characters[(int)((uint)pick % Characters.Length)]));
    }

    private static bool Finds(string search, params string?[] fields)
    {
        var text = TextFolding.SearchText(fields);
        return TextFolding.SearchTerms(search).All(term => text.Contains(term, StringComparison.Ordinal));
    }
}
