using System.Globalization;
using System.Text;
using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

public sealed class SearchingCustomers(Population population) : IClassFixture<Population>
{
    [Theory]
    [InlineData("ada")]
    [InlineData("ADA lovelace")]
    [InlineData("lovelace ada")]
    [InlineData("garcia jose")]
    [InlineData("GARCÍA")]
    [InlineData("marque")]
    [InlineData("márquez josé example")]
    [InlineData("lukasz")]
    [InlineData("STRASSE")]
    [InlineData("straße")]
    [InlineData("o'neil")]
    [InlineData("o’brien")]
    [InlineData("khwarizmi")]
    [InlineData("достоевский")]
    [InlineData("ДОСТО")]
    [InlineData("李")]
    [InlineData("小明")]
    [InlineData("明")]
    [InlineData("🦊")]
    [InlineData("🦊 fox")]
    [InlineData("ж")]
    [InlineData("an")]
    [InlineData("nn")]
    [InlineData("lu")]
    [InlineData("b")]
    [InlineData("ar")]
    [InlineData("co")]
    [InlineData("om")]
    [InlineData("%")]
    [InlineData("100%")]
    [InlineData("50%off")]
    [InlineData("%off")]
    [InlineData("a%a")]
    [InlineData("_")]
    [InlineData("x_y")]
    [InlineData("under_score")]
    [InlineData("e_a")]
    [InlineData("back\\slash")]
    [InlineData("\\")]
    [InlineData("k\\s")]
    [InlineData("[bracket]")]
    [InlineData("[a-z]")]
    [InlineData("[")]
    [InlineData("*")]
    [InlineData("'")]
    [InlineData("example.com")]
    [InlineData("@mail.example.org")]
    [InlineData("zoe+tag")]
    [InlineData("shop-24")]
    [InlineData("24")]
    [InlineData("ada nobody")]
    [InlineData("  ada   ")]
    [InlineData("user.1")]
    [InlineData("' OR 1=1 --")]
    public async Task A_customer_with_all_terms_is_found(string search)
    {
        await population.ReadyAsync();

        Assert.Equal(Expected(search), await FoundAsync(search));
    }

    [Fact]
    public async Task Phones_are_found_however_they_are_punctuated()
    {
        await population.ReadyAsync();
        foreach (var phone in population.People.Select(person => person.Phone).OfType<string>().Take(10))
        {
            var digits = phone[1..];
            string[] spellings =
            [
                phone, digits, digits[2..9], $"({digits[..3]}){digits[3..6]}-{digits[6..]}", $"{digits[..4]}.{digits[4..]}",
                $"{digits[..3]}/{digits[3..]}", $"+{digits[..2]}-{digits[2..]}", digits[..2],
            ];
            foreach (var spelling in spellings)
            {
                var found = await FoundAsync(spelling);

                Assert.Contains(population.People.First(person => person.Phone == phone).Id, found);
                Assert.Equal(Expected(spelling), found);
            }
        }
    }

    [Fact]
    public async Task The_words_of_everybody_find_them()
    {
        await population.ReadyAsync();
        var random = new Random(99);
        for (var round = 0; round < 100; round++)
        {
            var person = population.People[random.Next(population.People.Count)];
            string?[] fields = [person.Username, person.Email, person.FirstName, person.LastName, person.Phone];
            var words = fields.OfType<string>().SelectMany(field => field.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
            random.Shuffle(words);
            var search = string.Join(' ', words.Take(random.Next(1, 4)).Select(word => Shortened(word, random)));

            var found = await FoundAsync(search);

            Assert.True(Expected(search).SequenceEqual(found), $"{search}: expected {string.Join(' ', Expected(search))}, got {string.Join(' ', found)}");
        }
    }

    [Fact]
    public async Task A_search_combines_with_filters_and_ordering()
    {
        await population.ReadyAsync();
        var expected = ListModel.Ordered(population.People.Where(person => person.IsActive && Matches(person, "EXAMPLE")), "-total_spent,date_joined");

        Assert.Equal(
            expected,
            await population.Admin.AllIdsAsync(Lists.Customers, ("search", "EXAMPLE"), ("is_active", "true"), ("ordering", "-total_spent,date_joined")));
    }

    private static string Shortened(string word, Random random)
    {
        var runes = word.EnumerateRunes().ToArray();
        var from = random.Next(runes.Length);
        var length = random.Next(1, runes.Length - from + 1);
        return string.Concat(runes.Skip(from).Take(length));
    }

    // Without the admin, whose name differs in every run.
    private IEnumerable<long> Expected(string search) => population.People
        .Where(person => person.Id != population.Admin.Id && Terms(search).All(term => Matches(person, term))).Select(person => person.Id).Order();

    private async Task<IEnumerable<long>> FoundAsync(string search) =>
        (await population.Admin.AllIdsAsync(Lists.Customers, ("search", search))).Where(id => id != population.Admin.Id).Order();

    // Punctuation alone counts as a term only when there is no other.
    private static List<string> Terms(string search)
    {
        var terms = Joined(search.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return terms.TrueForAll(IsPhonePunctuation) ? terms : [.. terms.Where(term => !IsPhonePunctuation(term))];
    }

    // A number that begins as it is dialled is one term, with all numbers that follow it.
    private static List<string> Joined(string[] words)
    {
        var terms = new List<string>();
        foreach (var word in words)
        {
            if (terms.Count > 0 && IsNumber(word) && IsNumber(terms[^1]) && terms[^1][0] is '+' or '0' or '(')
            {
                terms[^1] += word;
            }
            else
            {
                terms.Add(word);
            }
        }

        return terms;
    }

    private static bool IsNumber(string word) => word.All(c => char.IsAsciiDigit(c) || IsPhonePunctuation(c));

    private static bool Matches(Person person, string term)
    {
        string?[] fields = [person.Username, person.Email, person.FirstName, person.LastName, person.Phone, .. Dialled(person.Phone)];
        return fields.OfType<string>().Any(field => Occurs(Plain(term), Plain(field)));
    }

    // In Germany and Britain a zero precedes the number.
    private static IEnumerable<string> Dialled(string? phone) => phone is null ? []
        : phone.StartsWith("+4", StringComparison.Ordinal) ? ["00" + phone[1..], "0" + phone[3..]] : ["00" + phone[1..]];

    private static bool Occurs(string term, string field)
    {
        var isNumber = term.All(c => char.IsAsciiDigit(c) || IsPhonePunctuation(c)) && term.Any(char.IsAsciiDigit);
        return isNumber
            ? OccursAs(Digits(term), field) || PunctuatedNumbers(field).Any(number => OccursAs(Digits(term), number))
            : OccursAs(term, field);
    }

    private static bool OccursAs(string term, string field)
    {
        for (var at = field.IndexOf(term, StringComparison.Ordinal); at >= 0; at = field.IndexOf(term, at + 1, StringComparison.Ordinal))
        {
            var before = at == 0 ? default(Rune?) : RuneBefore(field, at);
            var begins = before is not { } rune || Rune.IsWhiteSpace(rune) || field[at] is >= '\u3400' and <= '\u9fff'
                || (!Rune.IsLetterOrDigit(rune) && Rune.IsLetterOrDigit(Rune.GetRuneAt(field, at)));
            if (term.EnumerateRunes().Count() > 2 || begins)
            {
                return true;
            }
        }

        return false;
    }

    private static Rune RuneBefore(string text, int at)
    {
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var rune, out _);
        return rune;
    }

    private static IEnumerable<string> PunctuatedNumbers(string field) =>
        string.Concat(field.Select(c => char.IsAsciiDigit(c) || IsPhonePunctuation(c) ? c : ' '))
            .Split(' ')
            .Select(run => run.Trim(['+', '-', '.', '(', ')', '/']))
            .Where(run => run.Any(IsPhonePunctuation))
            .Select(Digits);

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    private static bool IsPhonePunctuation(string term) => term.All(IsPhonePunctuation);

    private static bool IsPhonePunctuation(char c) => "+-.()/".Contains(c, StringComparison.Ordinal);

    private static string Plain(string text)
    {
        var letters = text.ToUpperInvariant().Normalize(NormalizationForm.FormD)
            .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);
        return string.Concat(letters).Normalize(NormalizationForm.FormC)
            .Replace("ß", "SS", StringComparison.Ordinal).Replace('Ł', 'L').Replace('’', '\'');
    }
}
