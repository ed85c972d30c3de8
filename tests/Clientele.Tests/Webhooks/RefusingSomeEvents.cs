using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Bulk;
using Clientele.Tests.Support;

namespace Clientele.Tests.Webhooks;

/// <summary>A receiver that refuses the events of some customers and accepts those of others, as a firewall does that dislikes some texts.</summary>
public sealed class RefusingSomeEvents
{
    private const int MostOfCustomer = 500;

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

    [Fact]
    public async Task Of_one_customer_only_the_last_five_hundred_events_wait()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync(("Tokens:AccessLifetime", "12:00:00"));
        var (admin, stuck) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin, ["order.recorded"]);
        Refuse(receiver, [stuck.Id]);
        foreach (var numbers in Enumerable.Range(1, MostOfCustomer + 30).Chunk(265))
        {
            var orders = numbers.Select(number => new
            {
                order_number = $"A-{number}",
                customer = stuck.Id,
                status = "paid",
                total = "10.00",
                placed_at = "2025-10-20T09:00:00Z",
                revision = 1,
            });
            var results = (await admin.Post("/api/orders/batch/", new { orders })).Expect(200)["results"].AsArray();
            Assert.All(results, result => Assert.Equal(201, (int)result!["status"]!));
            await own.DeliverAsync();
        }

        Assert.Equal(MostOfCustomer, await own.Database.CountAsync("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 0"));
        var ended = await admin.DeliveriesAsync(url, "&state=given_up");
        Assert.Equal(30, ended.Count);
        Assert.All(ended, delivery => Assert.Equal("More than 500 events of this customer waited.", (string)delivery["error"]!));
        Assert.Empty(await own.CheckAsync());

        receiver.Respond(204);
        own.Clock.Advance(TimeSpan.FromHours(5));
        await own.DeliverAsync();

        Assert.Equal(MostOfCustomer, await own.Database.CountAsync("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 1"));
        RetryingDeliveries.AssertInOrder(receiver, stuck.Id);
        Assert.Empty(await admin.DeliveriesAsync(url, "&state=waiting"));
    }

    [Fact]
    public async Task What_follows_a_refused_event_that_was_given_up_is_tried_once_until_one_is_accepted()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, stuck, free) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(key, ["customer.updated"]);
        receiver.Answer = (received, context) =>
        {
            context.Response.StatusCode = NameIn(received).StartsWith("Poison", StringComparison.Ordinal) ? 403 : 204;
            return Task.CompletedTask;
        };
        own.Clock.Stop();
        foreach (var name in new[] { "Poison 1", "Poison 2", "Poison 3", "Cure", "Poison 4" })
        {
            await RenameAsync([stuck], name);
        }

        await own.DeliverAsync();
        own.Clock.Advance(TimeSpan.FromSeconds(1));
        await RenameAsync([free], "Free");
        await own.DeliverAsync();
        own.Clock.Advance(TimeSpan.FromHours(73));
        await own.DeliverAsync();

        var deliveries = (await key.DeliveriesAsync(url, $"&customer={stuck.Id}")).OrderBy(NumberOf).ToList();
        Assert.Equal(["given_up", "given_up", "given_up", "delivered", "waiting"], deliveries.Select(delivery => (string)delivery["state"]!));
        Assert.Equal([2, 1, 1, 1, 1], deliveries.Select(delivery => (int)delivery["attempts"]!));
        Assert.Empty(await own.CheckAsync());
    }

    [Fact]
    public async Task After_three_days_without_the_receiver_what_follows_has_three_days_of_its_own()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, customer) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(key, ["customer.updated"]);
        await RenameAsync([customer], "Before");
        await own.DeliverAsync();
        receiver.Respond(500);
        await RenameAsync([customer], "One");
        await RenameAsync([customer], "Two");
        await own.DeliverAsync();
        own.Clock.Advance(TimeSpan.FromHours(73));
        await own.DeliverAsync();

        Assert.Equal(["delivered", "given_up", "waiting"], (await key.DeliveriesAsync(url)).Select(delivery => (string)delivery["state"]!));
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

    private static int NumberOf(JsonNode delivery) => int.Parse(((string)delivery["event"]!).Split('-')[^1], CultureInfo.InvariantCulture);

    private static string NameIn(ReceivedEvent received) => (string)received.Json["data"]!["changed"]!["first_name"]!;
}
