using System.Globalization;
using Clientele.Server.Data;
using Clientele.Server.History;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Loyalty;

/// <summary>Orders from before orders earned points: stored and counted, but without points.</summary>
public sealed class FillingInEarlierOrders
{
    private static readonly (string, string)[] DoubleForSilver =
    [
        ("Loyalty:Tiers:0:Name", "bronze"), ("Loyalty:Tiers:0:From", "0"),
        ("Loyalty:Tiers:1:Name", "silver"), ("Loyalty:Tiers:1:From", "1000"), ("Loyalty:Tiers:1:PointsMultiplier", "2"),
    ];

    [Fact]
    public async Task They_earn_in_the_order_in_which_they_were_placed_by_the_tier_of_that_time()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", DoubleForSilver);
        await using var _ = app;
        await TakeInAsync(app, customer, ("B", 100_00, 2), ("A", 1000_00, 1), ("C", 50_00, 3));

        await app.MaintainAsync();

        Assert.Equal(["earn 1000 → 1000, 0", "earn 200 → 1200, 0", "earn 100 → 1300, 0"], await customer.EntriesAsync());
        await app.ExpectNoDriftAsync();
        await admin.OrderAsync(customer, "B", 2, "100.00", "50.00", "partially_refunded");
        Assert.Equal((1200, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task Orders_that_did_not_earn_before_their_delivery_do_once_counting_is_enough()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z", ("Loyalty:EarnOn", "Delivered"));
        await using var _ = app;
        await app.MaintainAsync();
        await admin.OrderAsync(customer, "A", 1, "30.00");
        Assert.Equal((0, 0, 0), await customer.PointsAsync());

        await using var changed = await ClienteleApp.StartAsync(new() { Database = app.Database, Clock = app.Clock });
        await changed.MaintainAsync();

        Assert.Equal((30, 0, 0), await customer.PointsAsync());
        await changed.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task Any_number_of_nodes_fill_them_in_once()
    {
        var (app, _, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z");
        await using var first = app;
        await using var second = await app.SecondNodeAsync();
        var customers = new List<Actor> { customer };
        for (var i = 0; i < 12; i++)
        {
            customers.Add(await app.CustomerAsync());
        }

        foreach (var each in customers)
        {
            await TakeInAsync(app, each, ("A", 10_00, 1), ("B", 20_00, 2));
        }

        await Task.WhenAll(app.MaintainAsync(), second.MaintainAsync(), app.MaintainAsync(), second.MaintainAsync());
        await app.MaintainAsync();

        foreach (var each in customers)
        {
            Assert.Equal(["earn 10 → 10, 0", "earn 20 → 30, 0"], await each.EntriesAsync());
        }

        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task One_that_is_delivered_again_meanwhile_earns_once()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-01T12:00:00Z");
        await using var _ = app;
        await TakeInAsync(app, customer, ("A", 10_00, 1));
        await admin.OrderAsync(customer, "A", 2, "10.00", status: "shipped");
        Assert.Equal((10, 0, 0), await customer.PointsAsync());

        await app.MaintainAsync();

        Assert.Equal((10, 0, 0), await customer.PointsAsync());
    }

    /// <summary>Puts the database into the earlier state: orders and statistics, and no points assigned yet.</summary>
    private static Task<int> TakeInAsync(
        ClienteleApp app, Actor customer, params (string Number, long Total, int Day)[] orders) => app.WithDatabaseAsync(async db =>
    {
        var row = await db.Customers.AsTracking().SingleAsync(c => c.Id == customer.Id);
        foreach (var (name, total, day) in orders)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"{name}-{customer.Id}");
            var placedAt = new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc);
            db.Add(new OrderNumber { Number = number, CustomerId = customer.Id });
            db.Add(new Order
            {
                CustomerId = customer.Id,
                OrderNumber = number,
                Status = "paid",
                Currency = "USD",
                ExchangeRate = (long)Rates.Scale,
                Total = total,
                Refunded = 0,
                Net = total,
                Counts = true,
                PlacedAt = placedAt,
                Revision = 1,
                ReceivedAt = placedAt,
            });
            row.TotalOrders++;
            row.TotalSpent += total;
            row.LastOrderDate = orders.Max(order => new DateTime(2026, 1, order.Day, 0, 0, 0, DateTimeKind.Utc));
        }

        await db.SaveChangesAsync();
        return await db.Sweeps.Where(s => s.Name == Sweep.Points).ExecuteDeleteAsync();
    });
}
