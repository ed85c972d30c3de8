using Clientele.Server.Webhooks;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Clientele.Tests.Webhooks;

/// <summary>Several nodes deliver, and some of them die.</summary>
public sealed class SharingTheDelivery
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_nodes_deliver_each_event_once_and_never_at_the_same_time()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var one = await receiver.AppAsync(("Webhooks:Concurrency", "1"));
        await using var two = await one.SecondNodeAsync();
        var (admin, key) = (await one.AdminAsync(), await one.KeyAsync("webhooks:read", "webhooks:write"));
        var customers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => one.CustomerAsync()));
        await one.PlaceEventsAsync();
        await receiver.HookAsync(key, ["points.adjusted"]);
        receiver.Answer = (_, context) => Task.Delay(5, context.RequestAborted);

        for (var i = 0; i < 10; i++)
        {
            await Task.WhenAll(customers.Select(async (customer, index) =>
                (await (index % 2 == 0 ? admin : two.Here(admin)).Post($"{customer.Url}add_loyalty_points/", new { points = 1 })).Expect(200)));
        }

        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count >= 50), Patience, "all events have arrived");
        await Task.WhenAll(one.DeliverAsync(), two.DeliverAsync());

        Assert.Equal(50, receiver.Received.Count);
        Assert.Equal(50, receiver.Received.Select(received => received.Id).Distinct().Count());
        Assert.Equal(1, receiver.MostAtOnce);
        Assert.All(customers, customer => RetryingDeliveries.AssertInOrder(receiver, customer.Id));
    }

    [Fact]
    public async Task A_node_whose_clock_is_a_minute_ahead_takes_over_no_webhook_that_another_works_on()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var one = await receiver.AppAsync();
        var clock = new FakeClock { Ahead = TimeSpan.FromMinutes(1) };
        await using var ahead = await ClienteleApp.StartAsync(
            new() { Database = one.Database, Clock = clock, Settings = receiver.Settings, Services = WithoutWorker });
        var (admin, customer) = (await one.AdminAsync(), await one.CustomerAsync());
        await one.PlaceEventsAsync();
        await receiver.HookAsync(admin, ["points.adjusted"]);
        var answer = new TaskCompletionSource();
        receiver.Answer = (_, _) => answer.Task;
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 1 })).Expect(200);
        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count == 1), Patience, "the first node sends the event");

        await ahead.DeliverAsync();
        answer.SetResult();
        await one.DeliverAsync();

        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task What_a_killed_node_was_sending_comes_again_with_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        var (database, username) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        await using var killed = await ServerProcess.ServeAsync(database.ConnectionString, $"--Webhooks:AllowedHosts:0={receiver.Host}");
        var pair = (await new Actor(killed.Client).Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200);
        var admin = new Actor(killed.Client) { Access = (string)pair["access"]!, Password = ClienteleApp.Password };
        var registered = (await new Actor(killed.Client).Post("/api/customers/register/", Given.Registration("reader"))).Expect(201);
        var (_, secret) = await receiver.HookAsync(admin, ["points.adjusted"]);
        receiver.KeepSilent();
        for (var i = 0; i < 3; i++)
        {
            (await admin.Post($"/api/customers/customers/{registered["id"]}/add_loyalty_points/", new { points = 1 })).Expect(200);
        }

        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count == 1), Patience, "the receiver has the first event");
        await killed.KillAsync();
        receiver.Respond(204);

        // The lease of the killed node ends.
        var clock = new FakeClock();
        clock.Advance(TimeSpan.FromMinutes(1));
        await using var survivor = await ClienteleApp.StartAsync(new() { Database = database, Clock = clock, Settings = receiver.Settings });
        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count >= 4), Patience, "the survivor has delivered all");

        Assert.Equal(receiver.Received[0].Id, receiver.Received[1].Id);
        Assert.Equal(receiver.Received[0].Body, receiver.Received[1].Body);
        Assert.Equal(3, receiver.Received.Select(received => received.Id).Distinct().Count());
        Assert.All(receiver.Received.Skip(1), received => received.Verify(survivor, secret));
    }

    /// <summary>The node delivers only when the test says so.</summary>
    private static void WithoutWorker(IServiceCollection services) =>
        services.Remove(services.Single(service =>
            service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.ReturnType == typeof(WebhookWorker)));
}
