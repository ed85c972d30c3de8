using System.Text;
using Clientele.Client;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Clientele.Tests.Webhooks;

/// <summary>A receiver gets what happens, signed.</summary>
public sealed class DeliveringEvents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_event_arrives_signed_as_the_feed_shows_it()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (_, secret) = await receiver.HookAsync(admin);

        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count > 0), Patience, "the event arrives by itself");

        var received = receiver.Received[0];
        var happened = received.Verify(own, secret);
        Assert.Equal(("customer.updated", customer.Id, received.Id), (happened.Type, happened.CustomerId, happened.Id));
        Assert.Equal("application/cloudevents+json", received.ContentType);
        Assert.Matches(@"^Clientele/\d", received.UserAgent);
        var feed = (await admin.Get($"/api/events/?customer={customer.Id}&types=customer.updated")).Expect(200)["results"][0]!;
        Assert.Equal(feed.ToJsonString(), received.Json.ToJsonString());
    }

    [Fact]
    public async Task Only_events_since_the_webhook_was_created_arrive_and_only_of_its_types()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        await receiver.HookAsync(admin, ["customer.updated", "points.adjusted"]);

        (await customer.Post("/api/customers/addresses/", House.Given.Address())).Expect(201);
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 5 })).Expect(200);
        await own.DeliverAsync();

        Assert.Equal(["customer.updated", "points.adjusted"], receiver.Types);
    }

    [Fact]
    public async Task Entries_and_exits_are_limited_to_the_groups_and_other_events_are_not()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        var wanted = (long)(await admin.Post("/api/customers/groups/", new { name = "Wanted" })).Expect(201)["id"];
        var other = (long)(await admin.Post("/api/customers/groups/", new { name = "Other" })).Expect(201)["id"];
        await own.PlaceEventsAsync();
        await receiver.HookAsync(admin, groups: [wanted]);

        foreach (var group in new[] { other, wanted })
        {
            (await admin.Post($"/api/customers/groups/{group}/add_member/", new { customer_id = customer.Id })).Expect(200);
        }

        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();

        Assert.Equal(["group.entered", "customer.updated"], receiver.Types);
        Assert.Equal(wanted, (long)receiver.Received[0].Json["data"]!["group"]!);
    }

    [Fact]
    public async Task Nothing_is_told_about_staff()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        await receiver.HookAsync(admin);

        (await admin.Patch("/api/customers/customers/update_profile/", new { first_name = "Boss" })).Expect(200);
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();

        Assert.Equal([customer.Id], receiver.Received.Select(one => one.Customer));
    }

    [Fact]
    public async Task During_a_rotation_both_secrets_verify_and_afterwards_only_the_new_one()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, old) = await receiver.HookAsync(admin);

        var rotated = (await admin.Post($"{url}rotate/", new { overlap = 3600 })).Expect(200);
        var secret = (string)rotated["secret"]!;
        Assert.NotNull(rotated["old_secret_until"]);
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();
        Assert.Equal(2, receiver.Received[^1].Signature.Split(' ').Length);
        receiver.Received[^1].Verify(own, old);
        receiver.Received[^1].Verify(own, secret);

        own.Clock.Advance(TimeSpan.FromSeconds(3601));
        Assert.True((bool)(await (await own.KeyAsync("webhooks:write")).Post($"{url}test/")).Expect(200)["is_delivered"]!);
        receiver.Received[^1].Verify(own, secret);
        Assert.Throws<WebhookVerificationException>(() => receiver.Received[^1].Verify(own, old));
    }

    [Fact]
    public async Task A_test_says_what_the_receiver_has_answered()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var admin = await own.AdminAsync();
        var (url, secret) = await receiver.HookAsync(admin);
        receiver.Respond(503, "Closed for\0 today");

        var tested = (await admin.Post($"{url}test/")).Expect(200);

        Assert.Equal((false, 503, "Closed for\uFFFD today"), ((bool)tested["is_delivered"]!, (int)tested["status_code"]!, (string)tested["answer"]!));
        Assert.Equal("The receiver answered with 503.", (string)tested["error"]!);
        Assert.InRange((int)tested["latency_ms"]!, 0, 10_000);
        Assert.Equal(("webhook.test", 0), (receiver.Received[^1].Verify(own, secret).Type, receiver.Received[^1].Customer));
        Assert.Equal((string)tested["event"]!, receiver.Received[^1].Id);
        Assert.Empty(await admin.DeliveriesAsync(url));
    }

    [Fact]
    public async Task Only_the_first_kilobyte_of_a_large_answer_is_read()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin);
        receiver.Answer = async (_, context) =>
        {
            var chunk = Encoding.ASCII.GetBytes(new string('x', 65_536));
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };

        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();

        var delivery = Assert.Single(await admin.DeliveriesAsync(url));
        Assert.Equal(("delivered", new string('x', 1024)), ((string)delivery["state"]!, (string)delivery["answer"]!));
    }

    [Fact]
    public async Task A_redirection_is_a_failure_and_leads_nowhere()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var inside = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin);
        receiver.Answer = (_, context) =>
        {
            context.Response.Redirect(inside.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };

        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();

        var delivery = Assert.Single(await admin.DeliveriesAsync(url));
        Assert.Equal("The receiver answered with 307. Redirections are not followed.", (string)delivery["error"]!);
        Assert.Empty(inside.Received);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_has_failed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync(("Webhooks:TimeoutSeconds", "1"));
        var admin = await own.AdminAsync();
        var (url, _) = await receiver.HookAsync(admin);
        receiver.KeepSilent();

        var tested = (await admin.Post($"{url}test/")).Expect(200);

        Assert.Equal("There was no answer within 1 s.", (string)tested["error"]!);
        Assert.Null(tested.Json["status_code"]);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_turns_the_webhook_off_and_it_continues_where_it_stopped()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin);
        receiver.Respond(StatusCodes.Status410Gone);

        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();
        (await customer.Patch(customer.Url, new { first_name = "Ada" })).Expect(200);
        await own.DeliverAsync();

        var gone = (await admin.Get(url)).Expect(200);
        Assert.False((bool)gone["is_active"]!);
        Assert.NotNull(gone.Json["gone_at"]);
        Assert.Single(receiver.Received);

        receiver.Respond(204);
        var back = (await admin.Patch(url, new { is_active = true })).Expect(200);
        Assert.Null(back.Json["gone_at"]);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await own.DeliverAsync();
        Assert.Equal(["Augusta", "Augusta", "Ada"], receiver.Received.Select(one => (string)one.Json["data"]!["changed"]!["first_name"]!));
        Assert.Equal(receiver.Received[0].Id, receiver.Received[1].Id);
    }

    [Fact]
    public async Task What_the_old_address_answers_turns_no_new_one_off()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        receiver.Answer = async (_, context) =>
        {
            asked.TrySetResult();
            await answer.Task;
            context.Response.StatusCode = StatusCodes.Status410Gone;
        };
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        var delivering = own.DeliverAsync();
        await asked.Task;

        (await admin.Patch(url, new { url = $"http://{receiver.Host}/new" })).Expect(200);
        answer.SetResult();
        await delivering;

        var hook = (await admin.Get(url)).Expect(200);
        Assert.True((bool)hook["is_active"]!);
        Assert.Null(hook.Json["gone_at"]);
    }

    [Fact]
    public async Task One_event_is_sent_again_with_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, secret) = await receiver.HookAsync(admin);
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();
        var delivery = Assert.Single(await admin.DeliveriesAsync(url));

        var again = (await admin.Post($"{url}deliveries/{delivery["id"]}/redeliver/")).Expect(200);
        await own.DeliverAsync();

        Assert.Equal("waiting", (string)again["state"]!);
        Assert.Equal(2, receiver.Received.Count);
        Assert.All(receiver.Received, one => Assert.Equal((string)delivery["event"]!, one.Verify(own, secret).Id));
        Assert.Equal("delivered", (string)Assert.Single(await admin.DeliveriesAsync(url))["state"]!);
    }

    [Fact]
    public async Task Events_since_an_instant_are_sent_again_in_their_order()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, customer) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(key);
        (await customer.Patch(customer.Url, new { first_name = "First" })).Expect(200);
        own.Clock.Advance(TimeSpan.FromHours(1));
        var since = own.Clock.GetUtcNow().UtcDateTime;
        var later = await own.SignInAsync(customer.Username, customer.Password, customer.Id);
        foreach (var name in new[] { "Second", "Third" })
        {
            (await later.Patch(customer.Url, new { first_name = name })).Expect(200);
        }

        await own.DeliverAsync();
        (await key.Post($"{url}redeliver/", new { since })).Expect(200);
        await own.DeliverAsync();

        var names = receiver.Received.Where(one => one.Type == "customer.updated").Select(one => (string?)one.Json["data"]!["changed"]!["first_name"]);
        Assert.Equal(["First", "Second", "Third", "Second", "Third"], names.OfType<string>());
        (await key.Post($"{url}redeliver/", new { since = since.AddDays(1) })).ExpectProblem(400, "since");
    }

    [Fact]
    public async Task Events_since_the_first_instant_there_is_are_sent_again()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, _) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        var (url, _) = await receiver.HookAsync(key);

        (await key.Post($"{url}redeliver/", new { since = "0001-01-01T00:00:00Z" })).Expect(200);
        await own.DeliverAsync();

        Assert.Contains(receiver.Received, one => one.Type == "customer.registered");
    }

    [Fact]
    public async Task What_was_deleted_before_it_could_be_sent_is_missed_and_the_webhook_says_so()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync(("Events:KeepDays", "10"));
        var (key, customer) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(key);
        (await key.Patch(url, new { is_active = false })).Expect(200);
        (await customer.Patch(customer.Url, new { first_name = "Lost" })).Expect(200);
        await own.PlaceEventsAsync();
        own.Clock.Advance(TimeSpan.FromDays(11));
        var later = await own.SignInAsync(customer.Username, customer.Password, customer.Id);
        (await later.Patch(customer.Url, new { first_name = "Kept" })).Expect(200);
        await own.PlaceEventsAsync();
        await own.MaintainAsync();

        (await key.Patch(url, new { is_active = true })).Expect(200);
        await own.DeliverAsync();

        Assert.Contains("Kept", receiver.Received.Select(one => (string?)one.Json["data"]?["changed"]?["first_name"]));
        Assert.DoesNotContain("Lost", receiver.Received.Select(one => (string?)one.Json["data"]?["changed"]?["first_name"]));
        Assert.NotNull((await key.Get(url)).Expect(200).Json["missed_events_at"]);
    }

    [Fact]
    public async Task What_a_receiver_has_answered_about_a_customer_is_erased_with_them()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(admin);
        receiver.Answer = (received, context) => context.Response.WriteAsync(received.Json.ToJsonString());
        (await customer.Patch(customer.Url, new { first_name = "Zebedee" })).Expect(200);
        await own.DeliverAsync();
        Assert.Contains("Zebedee", (string)Assert.Single(await admin.DeliveriesAsync(url))["answer"]!, StringComparison.Ordinal);

        (await admin.Delete(customer.Url)).Expect(204);
        await own.DeliverAsync();

        Assert.All(await admin.DeliveriesAsync(url), delivery => Assert.Null(delivery["answer"]));
        Assert.Equal(["customer.updated", "customer.erased"], receiver.Types);
    }

    [Fact]
    public async Task Deliveries_are_deleted_after_thirty_days_and_with_their_webhook()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, customer) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (old, _) = await receiver.HookAsync(key);
        var (deleted, _) = await receiver.HookAsync(key);
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();
        Assert.Equal(2, await own.Database.CountAsync("SELECT COUNT(*) FROM webhook_deliveries"));

        (await key.Delete(deleted)).Expect(204);
        await own.MaintainAsync();
        Assert.Single(await key.DeliveriesAsync(old));
        Assert.Equal(1, await own.Database.CountAsync("SELECT COUNT(*) FROM webhook_deliveries"));

        own.Clock.Advance(TimeSpan.FromDays(31));
        await own.MaintainAsync();
        Assert.Empty(await key.DeliveriesAsync(old));
    }
}
