using Clientele.Tests.Segments;
using Clientele.Tests.Support;

namespace Clientele.Tests.Webhooks;

/// <summary>Creating, changing and deleting webhooks.</summary>
public sealed class ManagingWebhooks(OwnApp app) : IClassFixture<OwnApp>
{
    private const string Webhooks = "/api/webhooks/";
    private const string Address = "https://shop.invalid/hook";

    [Fact]
    public async Task The_secret_is_shown_once_and_stored_encrypted()
    {
        var admin = await app.AdminAsync();

        var created = (await admin.Post(Webhooks, new { url = Address, is_active = false })).Expect(201);

        var secret = (string)created["secret"]!;
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", secret);
        Assert.Equal("no-store", created.Headers["Cache-Control"]);
        var url = $"{Webhooks}{created["id"]}/";
        Assert.Null((await admin.Get(url)).Expect(200).Json["secret"]);
        Assert.DoesNotContain(secret, (await admin.Get(Webhooks)).Expect(200).Text, StringComparison.Ordinal);
        var stored = (byte[])(await app.Database.QueryAsync("SELECT secret FROM webhooks WHERE secret IS NOT NULL ORDER BY created_at DESC LIMIT 1"))[0][0]!;
        Assert.DoesNotContain(secret[6..20], System.Text.Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names()
    {
        var admin = await app.AdminAsync();
        var created = (await admin.Post(Webhooks, new { url = Address, types = new[] { "customer.updated" }, is_active = false })).Expect(201);
        var url = $"{Webhooks}{created["id"]}/";

        var read = (await admin.Get(url)).Expect(200);

        var changed = (await admin.Patch(url, new { description = "Order system" }, ("If-Match", read.ETag))).Expect(200);

        Assert.Equal(("Order system", Address), ((string)changed["description"]!, (string)changed["url"]!));
        Assert.Equal("customer.updated", (string)changed["types"][0]!);
        (await admin.Patch(url, new { description = "Shop" }, ("If-Match", read.ETag))).ExpectProblem(412);
        Assert.Empty((await admin.Patch(url, new { types = (string[]?)null })).Expect(200)["types"].AsArray());
        (await admin.Delete(url)).Expect(204);
        (await admin.Get(url)).ExpectProblem(404);
        (await admin.Get($"{url}deliveries/")).ExpectProblem(404);
    }

    [Fact]
    public async Task Everything_wrong_is_named_with_what_would_be_right()
    {
        var admin = await app.AdminAsync();

        var refused = (await admin.Post(Webhooks, new
        {
            url = "ftp://shop.example",
            types = new[] { "customer.imagined" },
            groups = new[] { 987_654_321 },
            description = new string('x', 201),
            is_active = "perhaps",
        })).ExpectProblem(400, "url");

        var errors = refused["errors"].AsObject();
        Assert.Contains("https://", (string)errors["url"]![0]!, StringComparison.Ordinal);
        var types = errors.Single(error => error.Key.StartsWith("types", StringComparison.Ordinal)).Value!;
        Assert.Contains("customer.registered", types.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("987654321", (string)errors["groups/0"]![0]!, StringComparison.Ordinal);
        Assert.True(errors.ContainsKey("description") && errors.ContainsKey("is_active"));
        (await admin.Post(Webhooks, new { })).ExpectProblem(400, "url");
    }

    [Fact]
    public async Task A_key_needs_the_scopes_and_the_webhook_says_which_key_it_was()
    {
        var (reader, writer) = (await app.KeyAsync("webhooks:read"), await app.KeyAsync("webhooks:write"));
        (await reader.Post(Webhooks, new { url = Address, is_active = false })).ExpectProblem(403);

        var created = (await writer.Post(Webhooks, new { url = Address, is_active = false })).Expect(201);

        Assert.Equal(writer.KeyId, (string)created["created_by_key"]!);
        Assert.Null(created.Json["created_by"]);
        (await reader.Get($"{Webhooks}{created["id"]}/")).Expect(200);
        (await writer.Get($"{Webhooks}{created["id"]}/")).ExpectProblem(403);
        (await (await app.CustomerAsync()).Get(Webhooks)).ExpectProblem(403);
    }

    [Fact]
    public async Task An_admin_steps_up_to_send_data_elsewhere()
    {
        var admin = await app.NewAdminAsync();
        var plain = new Actor(app.CreateClient()) { Access = admin.Access };

        Assert.Equal("step_up_required", (await plain.Post(Webhooks, new { url = Address })).ExpectProblem(403).Code);
    }

    [Fact]
    public async Task What_an_admin_does_with_a_webhook_is_in_their_history()
    {
        var admin = await app.NewAdminAsync();
        var created = (await admin.Post(Webhooks, new { url = "https://shop.invalid/token-in-the-path", is_active = false })).Expect(201);
        var url = $"{Webhooks}{created["id"]}/";
        (await admin.Patch(url, new { description = "Shop" })).Expect(200);
        (await admin.Post($"{url}rotate/")).Expect(200);
        (await admin.Delete(url)).Expect(204);

        var history = (await admin.Get($"{admin.Url}history/?page_size=100")).Expect(200);

        var entries = history["results"].AsArray().Where(entry => (string)entry!["resource"]! == $"webhook/{created["id"]}");
        Assert.Equal(
            ["webhook.deleted", "webhook.rotated", "webhook.updated", "webhook.created"], entries.Select(entry => (string)entry!["action"]!));
        Assert.DoesNotContain("token-in-the-path", history.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", history.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_are_no_more_webhooks_than_the_setting_says_however_many_ask_at_once()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Webhooks:Most"] = "3" } });
        var key = await own.KeyAsync("webhooks:read", "webhooks:write");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => key.Post(Webhooks, new { url = Address, is_active = false })));

        Assert.Equal(3, answers.Count(answer => (int)answer.Status == 201));
        Assert.All(answers.Where(answer => !answer.IsSuccess), answer => Assert.Equal("too_many_webhooks", answer.ExpectProblem(409).Code));
        var one = (string)(await key.Get(Webhooks)).Expect(200)["results"][0]!["id"]!;
        (await key.Delete($"{Webhooks}{one}/")).Expect(204);
        (await key.Post(Webhooks, new { url = Address, is_active = false })).Expect(201);
    }

    [Fact]
    public async Task The_overlap_of_a_rotation_is_a_week_at_most()
    {
        var admin = await app.AdminAsync();
        var url = $"{Webhooks}{(await admin.Post(Webhooks, new { url = Address, is_active = false })).Expect(201)["id"]}/";

        (await admin.Post($"{url}rotate/", new { overlap = 604_801 })).ExpectProblem(400, "overlap");
        Assert.Null((await admin.Post($"{url}rotate/", new { overlap = 0 })).Expect(200).Json["old_secret_until"]);
        var until = (DateTime)(await admin.Post($"{url}rotate/")).Expect(200)["old_secret_until"]!;
        Assert.InRange(until.ToUniversalTime() - app.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromHours(23), TimeSpan.FromHours(25));
    }

    [Fact]
    public async Task Events_that_a_webhook_is_not_told_of_are_not_missed_when_they_are_deleted()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync(("Events:KeepDays", "10"));
        var (key, customer) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, _) = await receiver.HookAsync(key, ["points.adjusted"]);
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.PlaceEventsAsync();
        own.Clock.Advance(TimeSpan.FromHours(2));
        await own.DeliverAsync();
        own.Clock.Advance(TimeSpan.FromDays(11));
        await own.MaintainAsync();

        (await (await own.FreshAdminAsync()).Post($"{customer.Url}add_loyalty_points/", new { points = 5 })).Expect(200);
        await own.DeliverAsync();

        Assert.Equal(["points.adjusted"], receiver.Types);
        Assert.Null((await key.Get(url)).Expect(200).Json["missed_events_at"]);
    }
}
