using Clientele.Tests.House;
using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Addresses;

/// <summary>
/// Addresses that an earlier release has stored. It knew Vietnam's provinces by the numbers of its statistics, and did not spell postal codes.
/// </summary>
public sealed class UpgradingAddresses
{
    [Fact]
    public async Task Stored_states_and_postal_codes_are_shown_in_todays_form_at_once_and_stored_in_it_later()
    {
        await using var app = await ClienteleApp.StartAsync();
        var customer = await app.CustomerAsync();
        var hanoi = await StoredAsync(app, customer, ("VNM", null), ("01", null));
        var anGiang = await StoredAsync(app, customer, ("VNM", null), ("91", null));
        var london = await StoredAsync(app, customer, ("GBR", "SW1A 1AA"), (null, "sw1a1aa"));
        var albany = await StoredAsync(app, customer, ("USA", "12207"), ("NY", "12207"));
        await app.DrainAsync();

        await ShownAsync();
        Assert.Equal(1, await StoredAsAsync(app, hanoi, "01"));

        await app.MaintainAsync();
        await ShownAsync();
        Assert.Equal(1, await StoredAsAsync(app, hanoi, "HN"));
        Assert.Equal(0, await app.Database.CountAsync("SELECT COUNT(*) FROM addresses WHERE form = 0"));
        Assert.Equal(1, await app.Database.CountAsync("SELECT COUNT(*) FROM addresses WHERE postal_code = 'SW1A 1AA'"));
        Assert.Empty(await app.CheckAsync());

        async Task ShownAsync()
        {
            foreach (var (url, state, name, code) in new[]
            {
                (hanoi, "HN", "Hanoi", null), (anGiang, "44", "An Giang", null), (london, null, null, "SW1A 1AA"), (albany, "NY", "New York", "12207"),
            })
            {
                var shown = (await customer.Get(url)).Expect(200);
                Assert.Equal((state, name, code), ((string?)shown.Json["state"], (string?)shown.Json["state_name"], (string?)shown.Json["postal_code"]));
            }
        }
    }

    [Fact]
    public async Task A_change_before_the_conversion_starts_from_todays_form()
    {
        await using var app = await ClienteleApp.StartAsync();
        var customer = await app.CustomerAsync();
        var hanoi = await StoredAsync(app, customer, ("VNM", null), ("01", null));

        Assert.Equal("HN", (string)(await customer.Patch(hanoi, new { address_line1 = "2 Main Street" })).Expect(200)["state"]!);
        Assert.Equal(1, await StoredAsAsync(app, hanoi, "HN"));

        await app.MaintainAsync();
        Assert.Equal(1, await StoredAsAsync(app, hanoi, "HN"));
    }

    [Fact]
    public async Task The_conversion_evaluates_the_customers_whose_state_has_changed()
    {
        await using var app = await ClienteleApp.StartAsync();
        var customer = await app.CustomerAsync();
        var group = await app.SegmentAsync(All(new { related = "addresses", where = new { field = "state", op = "eq", value = "HN" } }));
        await StoredAsync(app, customer, ("VNM", null), ("01", null));
        await app.DrainAsync();
        Assert.Empty(await app.MembersAsync(group));

        await app.MaintainAsync();
        await app.DrainAsync();

        Assert.Equal([customer.Id], await app.MembersAsync(group));
    }

    [Fact]
    public async Task What_cannot_be_converted_stays_and_is_listed_by_the_check()
    {
        await using var app = await ClienteleApp.StartAsync();
        var customer = await app.CustomerAsync();
        var jersey = await StoredAsync(app, customer, ("GBR", "SW1A 1AA"), (null, "JE2 3AB"));
        var nowhere = await StoredAsync(app, customer, ("USA", "12207"), ("Nowhere", "12207"));

        await app.MaintainAsync();

        Assert.Equal("JE2 3AB", (string)(await customer.Get(jersey)).Expect(200)["postal_code"]!);
        Assert.Equal("Nowhere", (string)(await customer.Get(nowhere)).Expect(200)["state"]!);
        Assert.Equal(
            [
                $"Customer {customer.Id}: address {Id(jersey)} has a postal_code that does not fit its country.",
                $"Customer {customer.Id}: address {Id(nowhere)} has a state that does not fit its country.",
            ],
            await app.CheckAsync());
    }

    private static string Id(string url) => url.Split('/')[^2];

    private static async Task<string> StoredAsync(
        ClienteleApp app, Actor customer, (string Country, string? Code) address, (string? State, string? Code) stored)
    {
        var state = address.Country switch { "USA" => "NY", "VNM" => "SG", _ => null };
        var url = (await customer.Post(Lists.Addresses, Given.AddressIn(address.Country, "Town", state, address.Code))).Expect(201).Headers["Location"];
        await app.Database.ExecuteAsync(
            $"""
             UPDATE addresses SET form = 0, state = {Literal(stored.State)}, postal_code = {Literal(stored.Code)}
             WHERE customer_id = {customer.Id} AND id = {Id(url)}
             """);
        return url;
    }

    private static string Literal(string? text) => text is null ? "NULL" : $"'{text}'";

    private static Task<long> StoredAsAsync(ClienteleApp app, string url, string state) =>
        app.Database.CountAsync($"SELECT COUNT(*) FROM addresses WHERE id = {Id(url)} AND state = '{state}'");
}
