using Clientele.Tests.Support;

namespace Clientele.Tests.Webhooks;

/// <summary>What happens while a receiver does not accept events.</summary>
public sealed class RetryingDeliveries
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_events_of_one_customer_wait_in_order_and_those_of_another_go_on()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, stuck, free) = (await own.AdminAsync(), await own.CustomerAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin);
        receiver.Answer = (received, context) =>
        {
            context.Response.StatusCode = received.Customer == stuck.Id ? 500 : 204;
            return Task.CompletedTask;
        };

        foreach (var name in new[] { "One", "Two", "Three" })
        {
            (await stuck.Patch(stuck.Url, new { first_name = name })).Expect(200);
            (await free.Patch(free.Url, new { first_name = name })).Expect(200);
            await own.DeliverAsync();
        }

        Assert.Equal(["One", "Two", "Three"], NamesOf(receiver, free));
        Assert.All(NamesOf(receiver, stuck), name => Assert.Equal("One", name));
        var waiting = await admin.DeliveriesAsync(url, "&state=waiting");
        Assert.Equal(3, waiting.Count);
        Assert.NotNull(waiting[0]["next_attempt_at"]);
        Assert.All(waiting.Skip(1), delivery => Assert.Null(delivery["next_attempt_at"]));

        var tried = receiver.Received.Count;
        receiver.Respond(204);
        own.Clock.Advance(TimeSpan.FromHours(5));
        await own.DeliverAsync();

        Assert.Equal(["One", "Two", "Three"], receiver.Received.Skip(tried).Select(NameIn));
        Assert.Empty(await (await own.KeyAsync("webhooks:read")).DeliveriesAsync(url, "&state=waiting"));
    }

    [Fact]
    public async Task After_three_days_an_event_is_given_up_and_the_next_ones_go_on()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, customer) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(key);
        receiver.Answer = (received, context) =>
        {
            context.Response.StatusCode = NameIn(received) == "Poison" ? 500 : 204;
            return Task.CompletedTask;
        };
        (await customer.Patch(customer.Url, new { first_name = "Poison" })).Expect(200);
        (await customer.Patch(customer.Url, new { first_name = "Cure" })).Expect(200);
        await own.DeliverAsync();

        for (var hours = 0; hours < 71; hours++)
        {
            own.Clock.Advance(TimeSpan.FromHours(1));
            await own.DeliverAsync();
        }

        Assert.DoesNotContain("Cure", receiver.Received.Select(NameIn));
        Assert.InRange(receiver.Received.Count, 18, 72);
        Assert.Single(receiver.Received.Select(one => one.Id).Distinct());
        own.Clock.Advance(TimeSpan.FromHours(2));
        await own.DeliverAsync();

        var ended = await key.DeliveriesAsync(url);
        Assert.Equal(["given_up", "delivered"], ended.Select(delivery => (string)delivery["state"]!));
        Assert.Equal("The receiver answered with 500.", (string)ended[0]["error"]!);
        Assert.Equal("Cure", NameIn(receiver.Received[^1]));
    }

    [Fact]
    public async Task A_receiver_that_fails_as_a_whole_is_probed_and_keeps_few_rows()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, admin) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.AdminAsync());
        var customers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => own.CustomerAsync()));
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(key, ["points.adjusted"]);
        receiver.Respond(500);
        await AddPointsAsync(times: 10);
        await Wait.UntilAsync(
            async () =>
            {
                await own.DeliverAsync();
                return (await key.Get(url)).Expect(200).Json["paused_until"] is not null;
            },
            Patience,
            "the receiver is probed");

        // It may be back in a moment, so the first probes follow soon, however many attempts had failed at once.
        own.Clock.Advance(TimeSpan.FromSeconds(6));
        await own.DeliverAsync();
        var pausedUntil = (DateTime)(await key.Get(url)).Expect(200).Json["paused_until"]!;
        Assert.InRange(pausedUntil - own.Clock.GetUtcNow().UtcDateTime, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        var (tried, rows) = (receiver.Received.Count, await RowsAsync());

        own.Clock.Advance(TimeSpan.FromMinutes(6));
        await own.DeliverAsync();
        Assert.InRange(receiver.Received.Count, tried + 1, tried + 2);
        Assert.InRange(rows, 1, 150);
        Assert.InRange(await RowsAsync(), rows, rows + 2);
        Assert.NotNull((await key.Get(url)).Expect(200).Json["failing_since"]);

        receiver.Respond(204);
        own.Clock.Advance(TimeSpan.FromMinutes(6));
        await own.DeliverAsync();

        Assert.Equal(200, await own.Database.CountAsync("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 1"));
        var healthy = (await key.Get(url)).Expect(200);
        Assert.True(healthy.Json["paused_until"] is null && healthy.Json["failing_since"] is null && healthy.Json["last_delivered_at"] is not null);
        Assert.All(customers, customer => AssertInOrder(receiver, customer.Id));

        async Task AddPointsAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await Task.WhenAll(customers.Select(async one => (await admin.Post($"{one.Url}add_loyalty_points/", new { points = 1 })).Expect(200)));
            }
        }

        async Task<long> RowsAsync() => await own.Database.CountAsync("SELECT COUNT(*) FROM webhook_deliveries");
    }

    [Fact]
    public async Task A_silent_receiver_delays_no_other()
    {
        await using var silent = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Settings = { ["Webhooks:AllowedHosts:0"] = silent.Host, ["Webhooks:AllowedHosts:1"] = quick.Host },
        });
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        silent.KeepSilent();
        await silent.HookAsync(admin);
        await quick.HookAsync(admin);

        for (var i = 0; i < 5; i++)
        {
            (await customer.Patch(customer.Url, new { first_name = $"Name {i}" })).Expect(200);
            await Wait.UntilAsync(() => Task.FromResult(quick.Received.Count == i + 1), TimeSpan.FromSeconds(9), "the quick receiver gets it");
        }

        Assert.Single(silent.Received);
    }

    [Fact]
    public async Task Several_customers_are_sent_at_the_same_time_and_one_customer_never()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync(("Webhooks:Concurrency", "4"));
        var admin = await own.AdminAsync();
        var customers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => own.CustomerAsync()));
        await own.PlaceEventsAsync();
        var (busy, overlaps) = (new HashSet<long>(), 0);
        receiver.Answer = async (received, context) =>
        {
            lock (busy)
            {
                overlaps += busy.Add(received.Customer) ? 0 : 1;
            }

            await Task.Delay(20, context.RequestAborted);
            lock (busy)
            {
                busy.Remove(received.Customer);
            }
        };
        await receiver.HookAsync(admin, ["points.adjusted"]);

        for (var i = 0; i < 4; i++)
        {
            await Task.WhenAll(customers.Select(async one => (await admin.Post($"{one.Url}add_loyalty_points/", new { points = 1 })).Expect(200)));
        }

        await own.DeliverAsync();

        Assert.Equal(48, receiver.Received.Count);
        Assert.Equal(0, overlaps);
        Assert.InRange(receiver.MostAtOnce, 2, 4);
        Assert.All(customers, customer => AssertInOrder(receiver, customer.Id));
    }

    [Theory]
    [InlineData("600", 600)]
    [InlineData("Wed, 21 Oct 2099 07:28:00 GMT", 4 * 60 * 60)]
    [InlineData("soon", 0)]
    public async Task A_receiver_that_asks_to_wait_is_not_called_before(string header, int seconds)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin);
        own.Clock.Stop();
        receiver.Answer = (_, context) =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (429, header);
            return Task.CompletedTask;
        };
        (await customer.Patch(customer.Url, new { first_name = "Later" })).Expect(200);
        await own.DeliverAsync();

        var delivery = Assert.Single(await admin.DeliveriesAsync(url));

        var wait = (DateTimeOffset)delivery["next_attempt_at"]! - own.Clock.GetUtcNow();
        Assert.InRange(wait.TotalSeconds, seconds - 1, Math.Max(seconds, 5));
    }

    [Fact]
    public async Task A_delivery_that_nobody_would_try_and_a_wrong_counter_are_found_by_check()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        await receiver.HookAsync(admin);
        receiver.Respond(500);
        for (var i = 0; i < 3; i++)
        {
            (await customer.Patch(customer.Url, new { first_name = $"Name {i}" })).Expect(200);
        }

        await own.DeliverAsync();
        Assert.Empty(await own.CheckAsync());

        await own.Database.ExecuteAsync("UPDATE webhook_deliveries SET next_attempt_at = NULL");
        await own.Database.ExecuteAsync("UPDATE counters SET value = value + 1 WHERE name = 'webhooks' AND shard = 0");

        var findings = await own.CheckAsync();
        Assert.Equal(2, findings.Count);
        Assert.Contains(findings, finding => finding.EndsWith($"no next attempt. They are of the customers: {customer.Id}", StringComparison.Ordinal));
        Assert.Contains("The counter webhooks is 2, but there are 1.", findings);
    }

    /// <summary>The first time that each event of a customer arrives, it comes after all earlier ones.</summary>
    internal static void AssertInOrder(Receiver receiver, long customer)
    {
        var numbers = receiver.Received.Where(one => one.Customer == customer).Select(one => int.Parse(one.Id.Split('-')[^1], null)).Distinct().ToList();
        Assert.Equal(numbers.Order(), numbers);
    }

    private static IEnumerable<string?> NamesOf(Receiver receiver, Actor customer) =>
        receiver.Received.Where(one => one.Customer == customer.Id).Select(NameIn);

    private static string? NameIn(ReceivedEvent received) => (string?)received.Json["data"]?["changed"]?["first_name"];
}
