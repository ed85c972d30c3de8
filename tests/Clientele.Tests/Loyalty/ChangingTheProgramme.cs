using System.Globalization;
using Clientele.Server;
using Clientele.Server.Operations;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Loyalty;

public sealed class ChangingTheProgramme
{
    private static readonly Dictionary<string, string?> Steeper = new()
    {
        ["Loyalty:Tiers:0:Name"] = "bronze",
        ["Loyalty:Tiers:0:From"] = "0",
        ["Loyalty:Tiers:1:Name"] = "silver",
        ["Loyalty:Tiers:1:From"] = "2000",
    };

    [Fact]
    public async Task Changed_thresholds_move_everybody_in_the_background()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z");
        await using var _ = app;
        var (locked, rich) = (await app.CustomerAsync(), await app.CustomerAsync());
        await admin.OrderAsync(customer, "silver", 1, "1500.00");
        await admin.OrderAsync(rich, "gold", 1, "6000.00");
        (await admin.Post($"{locked.Url}update_loyalty_tier/", new { loyalty_tier = "silver" })).Expect(200);
        await app.MaintainAsync();
        Assert.Equal("silver", await TierAsync(customer));

        await using var changed = await ClienteleApp.StartAsync(new() { Database = app.Database, Clock = app.Clock, Settings = Steeper });
        await Task.WhenAll(changed.MaintainAsync(), changed.MaintainAsync());

        Assert.Equal(("bronze", "silver", "silver"), (await TierAsync(customer), await TierAsync(locked), await TierAsync(rich)));
        Assert.Equal((1500, 0, 0), await customer.PointsAsync());
        await changed.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task The_tier_that_the_spending_amounts_to_is_shown_beside_a_locked_one()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z");
        await using var _ = app;
        await admin.OrderAsync(customer, "some", 1, "1500.00");
        var tier = new { loyalty_tier = "gold", until = "2027-06-01T00:00:00Z", reason = "Goodwill" };
        (await admin.Post($"{customer.Url}update_loyalty_tier/", tier)).Expect(200);

        var loyalty = (await customer.Get($"{customer.Url}loyalty/")).Expect(200);

        Assert.Equal("gold", (string)loyalty["loyalty_tier"]!);
        Assert.Equal("silver", (string)loyalty["qualified_tier"]!);
        Assert.Equal("2027-06-01T00:00:00Z", (string)loyalty["lock"]["until"]!);
        Assert.Equal("Goodwill", (string)loyalty["lock"]["reason"]!);
        Assert.Equal("platinum", (string)loyalty["next_tier"]!);
        Assert.Equal("8500.00", (string)loyalty["amount_to_next_tier"]!);
        Assert.Equal("10.00", (string)loyalty["benefits"]["discount_percentage"]!);
    }

    [Fact]
    public async Task A_simulation_tells_who_would_move_and_moves_nobody()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z");
        await using var _ = app;
        var (rich, locked) = (await app.CustomerAsync(), await app.CustomerAsync());
        await admin.OrderAsync(customer, "c", 1, "900.00");
        await admin.OrderAsync(rich, "r", 1, "5000.00");
        await admin.OrderAsync(locked, "l", 1, "900.00");
        (await admin.Post($"{locked.Url}update_loyalty_tier/", new { loyalty_tier = "platinum" })).Expect(200);

        object[] tiers = [new { name = "silver", from = "800.00" }, new { name = "gold", from = "5500" }];
        var answer = (await admin.Post("/api/customers/loyalty/simulate/", new { tiers })).Expect(200);

        Assert.Equal((1, 1, 2), ((int)answer["up"], (int)answer["down"], (int)answer["unchanged"]));
        Assert.Equal(
            [
                "bronze 0.00: 2 → 1, 1 up, 0 down", "silver 800.00: 0 → 2, 0 up, 0 down", "gold 5500.00: 1 → 0, 0 up, 1 down",
                "platinum 10000.00: 1 → 1, 0 up, 0 down",
            ],
            answer["tiers"].AsArray().Select(tier => string.Create(
                CultureInfo.InvariantCulture,
                $"{tier!["name"]} {tier["from"]}: {tier["customers"]} → {tier["would_have"]}, {tier["up"]} up, {tier["down"]} down")));
        Assert.Equal("bronze", await TierAsync(customer));
    }

    [Fact]
    public async Task A_simulation_tells_from_which_tier_to_which_as_a_plain_model_does()
    {
        var (app, admin, _) = await Shop.AtAsync("2027-01-01T12:00:00Z");
        await using var started = app;
        decimal[] spent = [0, 500, 999.99m, 1000, 4000, 5200, 9000, 12000, 30000];
        foreach (var amount in spent.Where(amount => amount > 0))
        {
            await admin.OrderAsync(await app.CustomerAsync(), "o", 1, amount.ToString("0.00", CultureInfo.InvariantCulture));
        }

        object[] tiers = [new { name = "silver", from = "500" }, new { name = "gold", from = "6000" }, new { name = "platinum", from = "9000" }];
        var answer = (await admin.Post("/api/customers/loyalty/simulate/", new { tiers })).Expect(200);

        // The admin and the customer of the shop have spent nothing.
        var expected = spent.Append(0).GroupBy(amount => $"{Tier(amount, 1000, 5000, 10000)} → {Tier(amount, 500, 6000, 9000)}")
            .Select(move => $"{move.Key}: {move.Count()}");
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            answer["moves"].AsArray().Select(move => $"{move!["from"]} → {move["to"]}: {move["customers"]}").Order(StringComparer.Ordinal));

        static string Tier(decimal amount, decimal silver, decimal gold, decimal platinum) =>
            amount >= platinum ? "platinum" : amount >= gold ? "gold" : amount >= silver ? "silver" : "bronze";
    }

    [Fact]
    public async Task A_ladder_that_makes_no_sense_is_refused()
    {
        var (app, admin, _) = await Shop.AtAsync("2027-01-01T12:00:00Z");
        await using var started = app;

        await RefusesAsync(new { }, "tiers");
        await RefusesAsync(new { tiers = new[] { new { name = "diamond", from = "1.00" } } }, "tiers/0/name");
        await RefusesAsync(new { tiers = new[] { new { name = "gold", from = "-1.00" } } }, "tiers/0/from");
        await RefusesAsync(new { tiers = new[] { new { name = "gold", from = "999.00" } } }, "tiers");
        await RefusesAsync(new { tiers = new[] { new { name = "bronze", from = "1.00" } } }, "tiers");

        async Task RefusesAsync(object body, string member) => (await admin.Post("/api/customers/loyalty/simulate/", body)).ExpectProblem(400, member);
    }

    [Theory]
    [InlineData("Loyalty:EarnOn", "Sometimes")]
    [InlineData("Loyalty:EarnOn", "7")]
    [InlineData("Loyalty:PointsPerUnit", "-1")]
    [InlineData("Loyalty:PointsPerUnit", "many")]
    [InlineData("Loyalty:PointsPerUnit", "0.0000001")]
    [InlineData("Loyalty:PendingDays", "-1")]
    [InlineData("Loyalty:ExpireAfterMonths", "5000")]
    [InlineData("Loyalty:Downgrade", "Maybe")]
    public async Task A_setting_that_makes_no_sense_keeps_the_service_from_starting(string name, string value)
    {
        var refused = await Assert.ThrowsAsync<StartupException>(() => StartAsync(new() { [name] = value }));

        Assert.StartsWith(name, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Points_that_would_expire_before_they_are_released_are_refused()
    {
        var refused = await Assert.ThrowsAsync<StartupException>(
            () => StartAsync(new() { ["Loyalty:PendingDays"] = "28", ["Loyalty:ExpireAfterMonths"] = "1" }));

        Assert.StartsWith("Loyalty:PendingDays", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tier_with_a_bad_multiplier_is_named()
    {
        var refused = await Assert.ThrowsAsync<StartupException>(() => StartAsync(new(Steeper) { ["Loyalty:Tiers:1:PointsMultiplier"] = "-2" }));

        Assert.Contains("silver", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tier_is_named_as_names_are_compared()
    {
        var refused = await Assert.ThrowsAsync<StartupException>(() => StartAsync(new(Steeper) { ["Loyalty:Tiers:1:Name"] = "Élite" }));

        Assert.Contains("elite", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_locks_that_have_ended_are_ended_at_once()
    {
        await using var app = await ClienteleApp.StartAsync();
        var first = await Population.TakeIdsAsync(app, 250);
        await Population.InsertAsync(app, [.. Enumerable.Range(0, 250).Select(i => Person.Named(first + i, $"locked{i}", DateTime.UnixEpoch))]);
        await app.WithDatabaseAsync(db => db.Customers.TagWith("scatter: all are locked").Where(c => c.Id >= first)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.TierLockedUntil, DateTime.UnixEpoch)));

        await app.MaintainAsync();

        Assert.Equal(0, await app.Database.CountAsync("SELECT COUNT(*) FROM customers WHERE tier_locked_until IS NOT NULL"));
    }

    private static async Task StartAsync(Dictionary<string, string?> settings)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var app = App.Build([.. settings.Select(setting => $"--{setting.Key}={setting.Value}")], quiet: true);
        await Preparation.RunAsync(app, serves: true, TestContext.Current.CancellationToken);
    }

    private static async Task<string> TierAsync(Actor customer) => (string)(await customer.Get($"{customer.Url}loyalty/")).Expect(200)["loyalty_tier"]!;
}
