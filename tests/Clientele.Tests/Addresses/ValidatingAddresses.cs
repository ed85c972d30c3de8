using System.Text.Json;
using Clientele.Server.Addresses;

namespace Clientele.Tests.Addresses;

[Trait("Database", "Any")]
public class ValidatingAddresses
{
    private static readonly JsonElement Data = ReadData();

    public static TheoryData<string> Countries => [.. Data.GetProperty("countries").EnumerateObject().Select(country => country.Name)];

    [Fact]
    public void Every_country_of_the_data_file_is_covered() => Assert.Equal(252, Countries.Count);

    [Theory]
    [MemberData(nameof(Countries))]
    public void An_address_with_the_required_parts_passes_with_every_example_code(string alpha2)
    {
        foreach (var code in Examples(alpha2).DefaultIfEmpty(null))
        {
            var address = AddressValidation.Check(Complete(alpha2) with { PostalCode = code });

            if (code is not null || !Requires(alpha2, 'Z'))
            {
                Assert.Empty(address.Errors);
                Assert.Equal(code, address.Parts.PostalCode);
                Assert.Equal(Entry(alpha2).GetProperty("a3").GetString(), address.Parts.Country);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Countries))]
    public void A_missing_required_part_is_named_in_the_words_of_the_country(string alpha2)
    {
        foreach (var part in Entry(alpha2).GetProperty("req").GetString()!)
        {
            var (member, address) = Without(part, Complete(alpha2));

            var (name, messages) = Assert.Single(AddressValidation.Check(address).Errors);

            Assert.Equal(member, name);
            Assert.Equal($"{Label(alpha2, part)} is required in {Entry(alpha2).GetProperty("name").GetString()}.", Assert.Single(messages));
        }
    }

    [Theory]
    [MemberData(nameof(Countries))]
    public void A_subdivision_that_is_not_on_the_list_is_refused(string alpha2)
    {
        var (part, member) = ListedPart(alpha2);
        var complete = Complete(alpha2);
        var address = AddressValidation.Check(part == 'C' ? complete with { City = "Nowhere at all" } : complete with { State = "Nowhere at all" });

        if (Subdivisions(alpha2).Count == 0)
        {
            Assert.Empty(address.Errors);
            return;
        }

        var message = Assert.Single(address.Errors[member]);
        Assert.StartsWith($"{Label(alpha2, part)} Nowhere at all is not known in ", message, StringComparison.Ordinal);
        Assert.Contains("such as", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Countries))]
    public void Every_spelling_of_a_subdivision_is_understood_in_any_case(string alpha2)
    {
        var (part, _) = ListedPart(alpha2);
        foreach (var spellings in Subdivisions(alpha2))
        {
            var code = CommonNames.Default.IsoCode(alpha2, spellings[0]);
            foreach (var spelling in spellings.Skip(1).Prepend(code).SelectMany(text => new[] { text, text.ToUpperInvariant(), $" {text} " }))
            {
                var complete = Complete(alpha2);
                var address = AddressValidation.Check(part == 'C' ? complete with { City = spelling } : complete with { State = spelling });

                Assert.Empty(address.Errors);
                Assert.Equal(part == 'C' ? spellings[1] : code, part == 'C' ? address.Parts.City : address.Parts.State);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Countries))]
    public void A_postal_code_that_does_not_fit_is_refused_with_an_example(string alpha2)
    {
        var address = AddressValidation.Check(Complete(alpha2) with { PostalCode = "!?" });

        if (!Entry(alpha2).TryGetProperty("zip", out _))
        {
            Assert.Empty(address.Errors);
            return;
        }

        var message = Assert.Single(address.Errors["postal_code"]);
        Assert.StartsWith($"{Label(alpha2, 'Z')} !? does not fit ", message, StringComparison.Ordinal);
        Assert.Contains(Examples(alpha2).FirstOrDefault() ?? "form", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documented_example_passes_unchanged()
    {
        var example = new AddressParts("123 Main St", "Apt 4B", "New York", "NY", "10001", "USA");

        var address = AddressValidation.Check(example);

        Assert.True(address.IsValid);
        Assert.Equal(example, address.Parts);
    }

    [Fact]
    public void Messages_say_what_would_be_right()
    {
        var address = AddressValidation.Check(new("1 Main St", null, "New York", "New Yrok", "1000", "us"));

        Assert.Equal(["ZIP code 1000 does not fit United States; it looks like 95014 or 22162-1010."], address.Errors["postal_code"]);
        Assert.Equal(
            ["State New Yrok is not known in United States; use one of its codes or names, such as New York (NY), New Jersey (NJ) or Nebraska (NE)."],
            address.Errors["state"]);
    }

    [Theory]
    [InlineData("AE", "Emirate")]
    [InlineData("CN", "Province")]
    [InlineData("JP", "Prefecture")]
    public void A_state_is_called_what_the_country_calls_it(string alpha2, string label)
    {
        var address = AddressValidation.Check(new("1 Street", null, "City", null, Examples(alpha2).FirstOrDefault(), alpha2));

        Assert.StartsWith(label, Assert.Single(address.Errors["state"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Country is required.")]
    [InlineData("  ", "Country is required.")]
    [InlineData("Atlantis", "Country Atlantis is not known; use an ISO 3166-1 code or an English name, such as US, USA or United States.")]
    public void Only_the_country_is_complained_about_while_it_is_unknown(string? country, string message)
    {
        var (member, messages) = Assert.Single(AddressValidation.Check(new(null, null, null, null, null, country)).Errors);

        Assert.Equal("country", member);
        Assert.Equal(message, Assert.Single(messages));
    }

    [Fact]
    public void Parts_are_trimmed_and_blank_ones_are_no_value()
    {
        var address = AddressValidation.Check(new(" Rue 1 ", " ", " Paris ", "", " 75001 ", " fr "));

        Assert.Equal(new AddressParts("Rue 1", null, "Paris", null, "75001", "FRA"), address.Parts);
    }

    [Theory]
    [InlineData("LU", "L-4750", "4750")]
    [InlineData("JP", "１０８−００７５", "108-0075")]
    [InlineData("IR", "۱۱۹۳۶-۱۲۳۴۵", "11936-12345")]
    [InlineData("GB", "ec1y 8sy", "EC1Y 8SY")]
    public void Postal_codes_are_taken_as_people_type_them(string alpha2, string typed, string stored)
    {
        var address = AddressValidation.Check(Complete(alpha2) with { PostalCode = typed });

        Assert.Empty(address.Errors);
        Assert.Equal(stored, address.Parts.PostalCode);
    }

    [Fact]
    public void A_long_value_is_not_repeated_in_full()
    {
        var address = AddressValidation.Check(Complete("US") with { PostalCode = new string('9', 5000) });

        Assert.InRange(Assert.Single(address.Errors["postal_code"]).Length, 1, 200);
    }

    [Theory]
    [InlineData("\ud800")]
    [InlineData("1\udc00\0")]
    public void Text_that_is_not_well_formed_is_refused_without_an_exception(string text)
    {
        var address = AddressValidation.Check(new(text, text, text, text, text, "US"));

        Assert.Equal(["postal_code", "state"], address.Errors.Keys.Order(StringComparer.Ordinal));
    }

    private static AddressParts Complete(string alpha2)
    {
        var (part, _) = ListedPart(alpha2);
        var listed = Subdivisions(alpha2).FirstOrDefault();
        return new AddressParts(
            "1 Main Street",
            null,
            part == 'C' ? listed![1] : "Town",
            part == 'S' && listed is not null ? CommonNames.Default.IsoCode(alpha2, listed[0]) : "Anywhere",
            Examples(alpha2).FirstOrDefault(),
            alpha2);
    }

    private static (string Member, AddressParts Address) Without(char part, AddressParts address) => part switch
    {
        'A' => ("address_line1", address with { AddressLine1 = null }),
        'C' => ("city", address with { City = " " }),
        'S' => ("state", address with { State = "" }),
        _ => ("postal_code", address with { PostalCode = null }),
    };

    private static string Label(string alpha2, char part)
    {
        if (part == 'A')
        {
            return "Address line 1";
        }

        var letter = part.ToString();
        var code = Entry(alpha2).TryGetProperty("label", out var labels) && labels.TryGetProperty(letter, out var own)
            ? own
            : Data.GetProperty("default_labels").GetProperty(letter);
        return Data.GetProperty("label_text").GetProperty(code.GetString()!).GetString()!;
    }

    private static JsonElement Entry(string alpha2) => Data.GetProperty("countries").GetProperty(alpha2);

    private static bool Requires(string alpha2, char part) => Entry(alpha2).GetProperty("req").GetString()!.Contains(part, StringComparison.Ordinal);

    private static (char Part, string Member) ListedPart(string alpha2) =>
        Entry(alpha2).TryGetProperty("subfor", out _) ? ('C', "city") : ('S', "state");

    private static List<string?> Examples(string alpha2) =>
        Entry(alpha2).TryGetProperty("zipex", out var examples) ? [.. examples.EnumerateArray().Select(code => code.GetString())] : [];

    private static List<string[]> Subdivisions(string alpha2) =>
        Entry(alpha2).TryGetProperty("subs", out var subdivisions) ? subdivisions.Deserialize<List<string[]>>()! : [];

    private static JsonElement ReadData()
    {
        using var stream = CountryRules.OpenDefaults();
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
