using Clientele.Tests.Support;

namespace Clientele.Tests.Events;

/// <summary>Points that are going to expire are told twice before.</summary>
public sealed class ExpiringSoon
{
    [Fact]
    public async Task Thirty_and_seven_days_before_and_when_they_expire()
    {
        await using var own = await ClienteleApp.StartAsync();
        var key = await own.KeyAsync("events:read");
        var (customer, other, admin) = (await own.CustomerAsync(), await own.CustomerAsync(), await own.AdminAsync());
        await own.MaintainAsync();
        var expiresAt = own.Clock.GetUtcNow().AddDays(60);
        foreach (var one in new[] { customer, other })
        {
            (await admin.Post($"{one.Url}add_loyalty_points/", new { points = 100, expires_at = expiresAt })).Expect(200);
        }

        (await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points = 40, reason = "A voucher" })).Expect(200);
        (await admin.Post($"{other.Url}redeem_loyalty_points/", new { points = 100, reason = "A voucher" })).Expect(200);

        Assert.Empty(await AfterAsync(20));
        var first = Assert.Single(await AfterAsync(11));
        Assert.Equal(("points.expiring", 60, 30), (first.Type, (int)first.Data!["points"]!, (int)first.Data["days"]!));
        Assert.Equal(1, (long)first.Data["entry_id"]!);
        Assert.Empty(await AfterAsync(10));
        Assert.Equal(7, (int)Assert.Single(await AfterAsync(13)).Data!["days"]!);
        Assert.Equal("points.expired", Assert.Single(await AfterAsync(7)).Type);
        Assert.DoesNotContain(await own.EventsAsync(other.Id, reader: key), one => one.Type is "points.expiring" or "points.expired");
        Assert.Empty(await own.CheckAsync());

        Task<List<ReadEvent>> AfterAsync(int days) => own.EventsOfAsync(customer.Id, async () =>
        {
            own.Clock.Advance(TimeSpan.FromDays(days));
            await own.MaintainAsync();
            await own.MaintainAsync();
        }, key);
    }

    [Fact]
    public async Task However_many_customers_and_nodes_there_are()
    {
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Settings = { ["Events:ExpiringDays"] = "14", ["Events:ExpiringAgainDays"] = "0" },
        });
        await using var second = await own.SecondNodeAsync();
        var admin = await own.AdminAsync();
        await own.MaintainAsync();
        var expiresAt = own.Clock.GetUtcNow().AddDays(20);
        for (var i = 0; i < 120; i++)
        {
            var id = (long)(await own.Stranger.Post("/api/customers/register/", House.Given.Registration($"member{i}"))).Expect(201)["id"];
            (await admin.Post($"/api/customers/customers/{id}/add_loyalty_points/", new { points = 1 + i, expires_at = expiresAt })).Expect(200);
        }

        own.Clock.Advance(TimeSpan.FromDays(7));
        await Task.WhenAll(own.MaintainAsync(), second.MaintainAsync());
        await own.MaintainAsync();
        await own.PlaceEventsAsync();

        var key = await own.KeyAsync("events:read");
        var told = EventReading.Events((await key.Get("/api/events/?types=points.expiring&page_size=1000")).Expect(200)).ToList();
        Assert.Equal(120, told.Count);
        Assert.Equal(120, told.DistinctBy(one => one.Customer).Count());
        Assert.All(told, one => Assert.Equal(14, (int)one.Data!["days"]!));
    }
}
