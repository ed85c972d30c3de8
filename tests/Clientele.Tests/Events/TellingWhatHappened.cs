using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Events;

/// <summary>What the events say.</summary>
public sealed class TellingWhatHappened(ClienteleApp app)
{
    [Fact]
    public async Task The_first_event_of_a_customer_is_the_registration_with_the_profile()
    {
        var customer = await app.CustomerAsync(with: new { accepts_marketing_email = true, phone = "+1234567890" });

        var first = (await app.EventsAsync(customer.Id))[0];

        Assert.Equal(($"{customer.Id}-1", "customer.registered"), (first.Id, first.Type));
        Assert.Equal((customer.Username, customer.Email), ((string)first.Data!["username"]!, (string)first.Data["email"]!));
        Assert.Equal(("+1234567890", "bronze"), ((string)first.Data["phone"]!, (string)first.Data["loyalty_tier"]!));
        Assert.True((bool)first.Data["accepts_marketing_email"]!);
    }

    [Fact]
    public async Task An_envelope_is_one_of_CloudEvents()
    {
        var customer = await app.CustomerAsync();
        await app.PlaceEventsAsync();
        var admin = await app.AdminAsync();

        var envelope = (await admin.Get($"/api/events/?customer={customer.Id}")).Expect(200)["results"][0]!.AsObject();

        Assert.Equal(
            ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "customer", "version", "data"],
            envelope.Select(member => member.Key));
        Assert.Equal(("1.0", "/clientele"), ((string)envelope["specversion"]!, (string)envelope["source"]!));
        Assert.Equal(($"customer/{customer.Id}", 1), ((string)envelope["subject"]!, (int)envelope["version"]!));
        var at = DateTimeOffset.Parse((string)envelope["time"]!, CultureInfo.InvariantCulture);
        Assert.InRange(at, app.Clock.GetUtcNow().AddMinutes(-5), app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_changed_profile_tells_the_changed_members_in_the_forms_of_the_API()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());

        var added = await app.EventsOfAsync(customer.Id, async () => (await admin.Patch(customer.Url, new
        {
            first_name = "Augusta",
            last_name = "Lovelace",
            date_of_birth = "1915-12-10",
            preferred_language = "EN-gb",
            is_vip = true,
            tags = new[] { "press", "analyst" },
            metadata = new { crm_id = "A-17", floor = 3 },
        })).Expect(200));

        JsonAssert(
            """
            {"changed":{"tags":["analyst","press"],"first_name":"Augusta","date_of_birth":"1915-12-10","is_vip":true,"metadata":{"crm_id":"A-17","floor":3},
            "preferred_language":"en-GB"}}
            """,
            Assert.Single(added));
    }

    [Fact]
    public async Task What_is_removed_is_null()
    {
        var customer = await app.CustomerAsync(with: new { phone = "+1234567890", gender = "female" });

        var added = await app.EventsOfAsync(customer.Id, async () => (await customer.Patch(customer.Url, new { phone = (string?)null })).Expect(200));

        JsonAssert("""{"changed":{"phone":null}}""", Assert.Single(added));
    }

    [Fact]
    public async Task The_last_tag_that_is_removed_leaves_an_empty_list()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        (await admin.Patch(customer.Url, new { tags = new[] { "press" } })).Expect(200);

        var added = await app.EventsOfAsync(customer.Id, async () => (await admin.Patch(customer.Url, new { tags = Array.Empty<string>() })).Expect(200));

        JsonAssert("""{"changed":{"tags":[]}}""", Assert.Single(added));
    }

    [Fact]
    public async Task A_consent_is_told_by_its_own_event()
    {
        var customer = await app.CustomerAsync();

        var added = await app.EventsOfAsync(customer.Id, async () =>
            (await customer.Patch(customer.Url, new { accepts_marketing_sms = true, gender = "female" })).Expect(200));

        Assert.Equal(["customer.updated", "consent.changed"], added.Select(one => one.Type));
        JsonAssert("""{"changed":{"gender":"female"}}""", added[0]);
        JsonAssert("""{"name":"accepts_marketing_sms","is_given":true}""", added[1]);
    }

    [Fact]
    public async Task An_account_that_is_verified_and_closed_tells_both()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());

        var added = await app.EventsOfAsync(customer.Id, async () =>
        {
            (await admin.Post($"{customer.Url}verify/")).Expect(200);
            (await admin.Patch(customer.Url, new { is_active = false })).Expect(200);
            (await admin.Post($"{customer.Url}reactivate/")).Expect(200);
            (await admin.Patch(customer.Url, new { email = $"new-{customer.Email}" })).Expect(200);
        });

        Assert.Equal(["customer.verified", "customer.deactivated", "customer.reactivated", "customer.updated"], added.Select(one => one.Type));
        JsonAssert($$$"""{"changed":{"email":"new-{{{customer.Email}}}","is_verified":false}}""", added[3]);
    }

    [Fact]
    public async Task A_new_default_address_changes_the_old_one()
    {
        var customer = await app.CustomerAsync();
        var first = (long)(await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201)["id"];
        var second = (long)(await customer.Post("/api/customers/addresses/", Given.Address(city: "Albany"))).Expect(201)["id"];

        var added = await app.EventsOfAsync(customer.Id, async () =>
        {
            (await customer.Post($"/api/customers/addresses/{second}/set_default/")).Expect(200);
            (await customer.Delete($"/api/customers/addresses/{second}/")).Expect(204);
        });

        Assert.Equal(["address.updated", "address.updated", "address.deleted", "address.updated"], added.Select(one => one.Type));
        JsonAssert($$$"""{"id":{{{first}}},"changed":{"is_default":false}}""", added[0]);
        JsonAssert($$$"""{"id":{{{second}}},"changed":{"is_default":true}}""", added[1]);
        JsonAssert($$"""{"id":{{second}},"address_type":"shipping"}""", added[2]);
        JsonAssert($$$"""{"id":{{{first}}},"changed":{"is_default":true}}""", added[3]);
    }

    [Fact]
    public async Task An_order_tells_its_revision_then_points_then_the_tier()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var number = $"o-{Guid.NewGuid():n}";
        object Order(int revision, string status, string total = "1200.50") =>
            new { customer = customer.Id, status, total, placed_at = "2026-01-05T10:00:00Z", revision };

        var added = await app.EventsOfAsync(customer.Id, async () =>
        {
            (await admin.Put($"/api/orders/{number}/", Order(1, "pending"))).Expect(201);
            (await admin.Put($"/api/orders/{number}/", Order(2, "delivered"))).Expect(200);
            (await admin.Put($"/api/orders/{number}/", Order(2, "delivered"))).Expect(200);
            (await admin.Put($"/api/orders/{number}/", Order(3, "refunded"))).Expect(200);
        });

        Assert.Equal("order.recorded", added[0].Type);
        Assert.Equal(["order.recorded", "points.earned", "tier.changed"], added.Skip(1).Take(3).Select(one => one.Type));
        Assert.Equal(["order.recorded", "points.reversed"], added.Skip(4).Take(2).Select(one => one.Type));
        JsonAssert(
            $$"""
            {"order_number":"{{number}}","status":"delivered","currency":"USD","exchange_rate":"1","total":"1200.50","refunded":"0.00",
            "placed_at":"2026-01-05T10:00:00Z","revision":2}
            """,
            added[1]);
        var points = (long)added[2].Data!["points"]!;
        Assert.Equal((points, number), ((long)added[2].Data!["balance"]!, (string)added[2].Data!["source"]!["id"]!));
        Assert.Equal(("bronze", $"order {number}"), ((string)added[3].Data!["previous_tier"]!, (string)added[3].Data!["cause"]!));
        Assert.Equal(-points, (long)added[5].Data!["points"]!);
    }

    [Fact]
    public async Task A_member_by_hand_enters_and_leaves()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var group = (long)(await admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" })).Expect(201)["id"];

        var added = await app.EventsOfAsync(customer.Id, async () =>
        {
            (await admin.Post($"/api/customers/groups/{group}/add_member/", new { customer_id = customer.Id })).Expect(200);
            (await admin.Delete($"/api/customers/groups/{group}/")).Expect(204);
        });

        Assert.Equal([("group.entered", $"{customer.Id}-{group}-1"), ("group.left", $"{customer.Id}-{group}-2")], added.Select(one => (one.Type, one.Id)));
        JsonAssert($$"""{"group":{{group}},"cause":"by_hand"}""", added[0]);
        JsonAssert($$"""{"group":{{group}},"cause":"group_deleted"}""", added[1]);
    }

    [Fact]
    public async Task An_erasure_removes_what_names_the_person_and_leaves_the_rest()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);
        var order = new { customer = customer.Id, status = "pending", total = 1, placed_at = "2026-01-05T10:00:00Z", revision = 1 };
        (await admin.Put($"/api/orders/o-{Guid.NewGuid():n}/", order)).Expect(201);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 120, reason = "For Ada Lovelace" })).Expect(200);

        (await admin.Delete(customer.Url)).Expect(204);

        var told = await app.EventsAsync(customer.Id);
        Assert.Equal(
            ["customer.registered", "customer.updated", "address.created", "order.recorded", "points.adjusted", "customer.erased"],
            told.Select(one => one.Type));
        Assert.All(told.Take(4), one => Assert.Null(one.Data));
        Assert.Equal(120, (long)told[4].Data!["points"]!);
        JsonAssert("""{"forfeited_points":120}""", told[5]);
        var stored = await app.Database.QueryAsync($"SELECT data FROM events WHERE customer_id = {customer.Id}");
        var texts = string.Concat(stored.Select(row => row[0]));
        Assert.DoesNotContain("Augusta", texts, StringComparison.Ordinal);
        Assert.DoesNotContain(customer.Email, texts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Admins_on_the_command_line_have_events_as_well()
    {
        var admin = await app.NewAdminAsync();

        Assert.Empty(await app.DemoteAsync(admin.Username));

        var told = await app.EventsAsync(admin.Id);
        Assert.Equal(["customer.registered", "customer.updated"], told.Select(one => one.Type));
        Assert.True((bool)told[0].Data!["is_staff"]!);
        JsonAssert("""{"changed":{"is_staff":false}}""", told[1]);
    }

    private static void JsonAssert(string expected, ReadEvent told) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), told.Data), $"Expected {expected}, got {told.Text}");
}
