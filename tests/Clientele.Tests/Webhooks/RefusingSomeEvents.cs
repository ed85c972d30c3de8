using Clientele.Tests.Bulk;
using Clientele.Tests.Support;

namespace Clientele.Tests.Webhooks;

/// <summary>A receiver that refuses the events of some customers and accepts those of others, as a firewall does that dislikes some texts.</summary>
public sealed class RefusingSomeEvents
{
    [Fact]
    public async Task Refused_events_hide_nobody_elses_behind_them_while_the_receiver_is_probed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, free) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        var strangers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => own.CustomerAsync()));
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(key, ["customer.updated"]);
        Refuse(receiver, [.. strangers.Select(one => one.Id)]);
        await RenameAsync(strangers, "One");
        await own.DeliverAsync();
        Assert.NotNull((await key.Get(url)).Expect(200).Json["paused_until"]);
        await RenameAsync(strangers, "Two");
        await own.PlaceEventsAsync();
        await RenameAsync([free], "Free");

        for (var probes = 0; probes < 60 && Accepted(receiver, free) == 0; probes++)
        {
            own.Clock.Advance(TimeSpan.FromMinutes(6));
            await own.DeliverAsync();
        }

        Assert.InRange(Accepted(receiver, free), 1, 2);
        Assert.Single(await key.DeliveriesAsync(url, $"&customer={free.Id}&state=delivered"));
        Assert.Null((await key.Get(url)).Expect(200).Json["paused_until"]);
        Assert.Empty(await own.CheckAsync());

        own.Clock.Advance(TimeSpan.FromHours(5));
        await own.DeliverAsync();
        Assert.Null((await key.Get(url)).Expect(200).Json["paused_until"]);
        Assert.All(strangers, stranger => RetryingDeliveries.AssertInOrder(receiver, stranger.Id));
    }

    [Fact]
    public async Task However_many_refused_events_are_due_again_new_ones_go_on()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync(("Tokens:AccessLifetime", "12:00:00"));
        var (admin, free) = (await own.AdminAsync(), await own.CustomerAsync());
        var (_, strangers) = await own.CrowdAsync(120);
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin, ["points.adjusted"]);
        Refuse(receiver, [.. strangers]);
        own.Clock.Stop();
        foreach (var few in strangers.Chunk(8).Append([]))
        {
            await AddPointsAsync(admin, [.. few, free.Id]);
            await own.DeliverAsync();
            own.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        var accepted = Accepted(receiver, free);
        Assert.Equal(120, await own.Database.CountAsync("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 0 AND attempts > 0"));
        own.Clock.Advance(TimeSpan.FromHours(5));
        await AddPointsAsync(admin, [free.Id]);
        await own.DeliverAsync();

        Assert.Equal(accepted + 1, Accepted(receiver, free));
        Assert.Null((await admin.Get(url)).Expect(200).Json["paused_until"]);
        Assert.Empty(await own.CheckAsync());
    }

    private static void Refuse(Receiver receiver, HashSet<long> customers) => receiver.Answer = (received, context) =>
    {
        context.Response.StatusCode = customers.Contains(received.Customer) ? 403 : 204;
        return Task.CompletedTask;
    };

    private static async Task RenameAsync(Actor[] customers, string name)
    {
        foreach (var customer in customers)
        {
            (await customer.Patch(customer.Url, new { first_name = name })).Expect(200);
        }
    }

    private static async Task AddPointsAsync(Actor admin, long[] customers)
    {
        foreach (var customer in customers)
        {
            (await admin.Post($"/api/customers/customers/{customer}/add_loyalty_points/", new { points = 1 })).Expect(200);
        }
    }

    private static int Accepted(Receiver receiver, Actor customer) => receiver.Received.Count(received => received.Customer == customer.Id);
}
