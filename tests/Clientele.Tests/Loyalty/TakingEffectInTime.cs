using System.Globalization;
using Clientele.Server.Data;
using Clientele.Server.Loyalty;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Loyalty;

/// <summary>Locks, releases and expiries take effect within two seconds of their instant, on any number of nodes, without anybody's request.</summary>
public sealed class TakingEffectInTime
{
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_lock_and_points_end_within_two_seconds_on_two_nodes()
    {
        await using var app = await ClienteleApp.StartAsync();
        await using var second = await app.SecondNodeAsync();
        var admin = await app.AdminAsync();
        var customers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.CustomerAsync()));
        var instant = app.Clock.GetUtcNow().AddMinutes(5);
        var text = instant.ToString("O", CultureInfo.InvariantCulture);
        await Task.WhenAll(customers.Select(async customer =>
        {
            (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "gold", until = text })).Expect(200);
            (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 10, expires_at = text })).Expect(200);
        }));
        Assert.Equal((10, 0, 0), await customers[0].PointsAsync());

        app.Clock.AdvanceTo(instant);

        await Wait.UntilAsync(() => HasNoneAsync(app, "loyalty_tier <> 'bronze' OR loyalty_points > 0"), InTime, "locks and points end");

        Assert.All(
            await Task.WhenAll(customers.Select(customer => customer.EntriesAsync())),
            entries => Assert.Equal(["adjust 10 → 10, 0", "expire -10 → 0, 0"], entries));
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task Pending_points_are_released_within_two_seconds()
    {
        await using var app = await ClienteleApp.StartAsync(new() { Settings = new() { ["Loyalty:PendingDays"] = "1" } });
        await using var second = await app.SecondNodeAsync();
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.OrderAsync(customer, "pending", 1, "10.00");

        app.Clock.Advance(TimeSpan.FromDays(1));

        await Wait.UntilAsync(() => HasNoneAsync(app, "loyalty_pending > 0"), InTime, "points are released");
        Assert.Equal((10, 0, 0), await (await app.AgainAsync(customer)).PointsAsync());
    }

    [Fact]
    public async Task An_account_that_cannot_be_settled_keeps_nobody_waiting()
    {
        await using var app = await ClienteleApp.StartAsync();
        var admin = await app.AdminAsync();
        var customers = new[] { await app.CustomerAsync(), await app.CustomerAsync(), await app.CustomerAsync() };
        var instant = app.Clock.GetUtcNow().AddMinutes(5);
        foreach (var customer in customers)
        {
            (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 10, expires_at = instant })).Expect(200);
        }

        // In the middle of the batch, so that there are accounts before it and after it.
        var spoiled = customers[1].Id;
        await app.WithDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(TestDatabase.Kind is DatabaseKind.Postgres
            ? string.Create(CultureInfo.InvariantCulture, $"ALTER TABLE points_entries ADD CONSTRAINT spoiler CHECK (customer_id <> {spoiled}) NOT VALID")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"CREATE TRIGGER spoiler BEFORE INSERT ON points_entries WHEN NEW.customer_id = {spoiled} BEGIN SELECT RAISE(ABORT, 'spoiled'); END")));

        app.Clock.AdvanceTo(instant);

        await Wait.UntilAsync(
            () => HasNoneAsync(app, string.Create(CultureInfo.InvariantCulture, $"loyalty_points > 0 AND id <> {spoiled}")), InTime, "the other points expire");
        Assert.Equal((10, 0, 0), await (await app.AgainAsync(customers[1])).PointsAsync());
    }

    [Fact]
    public async Task What_is_overdue_when_a_node_starts_is_settled_within_five_seconds()
    {
        await using var app = await ClienteleApp.StartAsync(new() { Services = Shop.WithoutUpkeep });
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var instant = app.Clock.GetUtcNow().AddMinutes(5);
        var text = instant.ToString("O", CultureInfo.InvariantCulture);
        (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "gold", until = text })).Expect(200);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 10, expires_at = text })).Expect(200);
        app.Clock.AdvanceTo(instant.AddMinutes(1));
        Assert.Equal((10, 0, 0), await customer.PointsAsync());

        await using var node = await ClienteleApp.StartAsync(new() { Database = app.Database, Clock = app.Clock });

        await Wait.UntilAsync(() => HasNoneAsync(app, "loyalty_tier <> 'bronze' OR loyalty_points > 0"), TimeSpan.FromSeconds(5), "what is overdue ends");
    }

    [Fact]
    public async Task What_a_killed_node_had_claimed_is_settled_within_five_seconds()
    {
        await using var app = await ClienteleApp.StartAsync(new() { Services = Shop.WithoutUpkeep });
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        app.Clock.Stop();
        var instant = app.Clock.GetUtcNow().AddMinutes(5);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 10, expires_at = instant })).Expect(200);
        app.Clock.AdvanceTo(instant);
        var now = app.Services.GetRequiredService<DatabaseClock>().Now;
        var claimed = await app.WithDatabaseAsync(db => Upkeep.ClaimDueAsync(
            db, instant.UtcDateTime, now, now + Upkeep.Claimed, skip: 0, most: 10, TestContext.Current.CancellationToken));
        Assert.Equal([customer.Id], claimed);

        await app.MaintainAsync();
        Assert.Equal((10, 0, 0), await customer.PointsAsync());
        app.Clock.Advance(TimeSpan.FromSeconds(4.5));
        await app.MaintainAsync();

        Assert.Equal((0, 0, 0), await customer.PointsAsync());
    }

    private static async Task<bool> HasNoneAsync(ClienteleApp app, string condition) =>
        await app.Database.CountAsync($"SELECT COUNT(*) FROM customers WHERE {condition}") == 0;
}
