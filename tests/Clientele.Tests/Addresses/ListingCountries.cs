using System.Text.RegularExpressions;
using Clientele.Server.Addresses;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Addresses;

public sealed class ListingCountries(ClienteleApp app)
{
    private const string Countries = $"{Lists.Addresses}countries/";

    [Fact]
    public async Task Anybody_gets_what_a_form_for_a_country_needs()
    {
        var japan = (await app.Stranger.Get($"{Countries}JP/")).Expect(200);

        Assert.Equal(
            ["code", "code3", "name", "native_name", "required", "labels", "order", "postal_code", "regions"],
            japan.Json.AsObject().Select(member => member.Key));
        Assert.Equal(("JP", "JPN", "Japan", "日本"), (
            (string)japan["code"]!, (string)japan["code3"]!, (string)japan["name"]!, (string)japan["native_name"]!));
        Assert.Equal(["postal_code", "state", "address_line1"], Texts("required"));
        Assert.Equal(["postal_code", "state", "city", "address_line1", "address_line2", "company", "first_name", "last_name"], Texts("order"));
        Assert.Equal("Prefecture", (string)japan["labels"]["state"]!);
        Assert.Equal(("\\d{3}-?\\d{4}", "154-0023"), ((string)japan["postal_code"]["pattern"]!, (string)japan["postal_code"]["example"]!));
        Assert.Equal(47, japan["regions"].AsArray().Count);
        Assert.Equal(
            """{"code":"13","name":"Tokyo","native_name":"東京都"}""",
            japan["regions"].AsArray().Single(region => (string)region!["code"]! == "13")!.ToJsonString(Server.Http.Wire.ForOthers));

        IEnumerable<string> Texts(string member) => japan[member].AsArray().Select(text => (string)text!);
    }

    [Theory]
    [InlineData("jp")]
    [InlineData("JPN")]
    [InlineData("jpn")]
    public async Task A_country_is_found_by_both_codes(string code) =>
        Assert.Equal((await app.Stranger.Get($"{Countries}JP/")).Expect(200).Text, (await app.Stranger.Get($"{Countries}{code}/")).Expect(200).Text);

    [Theory]
    [InlineData("Japan")]
    [InlineData("XX")]
    [InlineData("1")]
    public async Task Anything_else_is_not_found(string code) => (await app.Stranger.Get($"{Countries}{code}/")).ExpectProblem(404);

    [Fact]
    public async Task The_list_has_every_country_as_it_is_alone()
    {
        var list = (await app.Stranger.Get(Countries)).Expect(200).Json.AsArray();

        Assert.Equal(CountryRules.Default.All.Count, list.Count);
        foreach (var country in list.Where((_, i) => i % 25 == 0))
        {
            var alone = (await app.Stranger.Get($"{Countries}{country!["code"]}/")).Expect(200);
            Assert.Equal(alone.Json.ToJsonString(), country.ToJsonString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("DE/")]
    public async Task Responses_are_cached_by_everybody(string path)
    {
        var answer = (await app.Stranger.Get(Countries + path)).Expect(200);

        Assert.Equal("public, max-age=3600", answer.Headers["Cache-Control"]);
        var again = (await app.Stranger.Get(Countries + path, ("If-None-Match", answer.ETag))).Expect(304);
        Assert.Empty(again.Text);
        Assert.Equal(answer.Text, (await (await app.CustomerAsync()).Get(Countries + path)).Expect(200).Text);
    }

    [Fact]
    public async Task An_address_that_fills_in_what_the_form_says_is_accepted()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Addresses:PerCustomer"] = "1000" } });
        var customer = await own.CustomerAsync();
        foreach (var country in (await own.Stranger.Get(Countries)).Expect(200).Json.AsArray())
        {
            var order = country!["order"]!.AsArray().Select(part => (string)part!).ToList();
            var required = country["required"]!.AsArray().Select(part => (string)part!).ToList();
            var labels = country["labels"]!.AsObject().Select(label => label.Key).ToList();
            var region = country["regions"]!.AsArray().LastOrDefault();
            Assert.Empty(required.Except(order));
            Assert.Empty(labels.Except(order));
            Assert.Empty(required.Except(labels));
            if (country["postal_code"] is { } code && (string?)code["example"] is { } example)
            {
                Assert.Matches(new Regex($"^(?:{code["pattern"]})$"), example);
            }

            (await customer.Post(Lists.Addresses, Given.AddressIn(
                (string)country["code"]!,
                required.Contains("city") ? (string)country["code"]! == "AD" ? (string)region!["name"]! : "Town" : null,
                required.Contains("state") ? (string?)region?["native_name"] ?? "Somewhere" : null,
                required.Contains("postal_code") ? (string)country["postal_code"]!["example"]! : null))).Expect(201);
        }
    }
}
