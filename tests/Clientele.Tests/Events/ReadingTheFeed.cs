using System.Diagnostics;
using Clientele.Server.Events;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Events;

/// <summary>The feed of events: cursors, filters, waiting, and who may read what.</summary>
public sealed class ReadingTheFeed(ClienteleApp app)
{
    [Fact]
    public async Task Pages_follow_each_other_by_their_cursor()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        for (var i = 0; i < 7; i++)
        {
            (await customer.Patch(customer.Url, new { gender = $"g{i}" })).Expect(200);
        }

        await app.PlaceEventsAsync();
        var (cursor, ids, pages, more) = ("", new List<string>(), 0, true);
        while (more)
        {
            var page = (await admin.Get($"/api/events/?customer={customer.Id}&page_size=3&cursor={cursor}")).Expect(200);
            (cursor, more) = ((string)page["cursor"]!, (bool)page["more"]!);
            ids.AddRange(EventReading.Events(page).Select(one => one.Id));
            pages++;
        }

        Assert.Equal(Enumerable.Range(1, 8).Select(number => $"{customer.Id}-{number}"), ids);
        Assert.Equal(3, pages);
        Assert.Empty((await admin.Get($"/api/events/?customer={customer.Id}&cursor={cursor}")).Expect(200)["results"].AsArray());
    }

    [Fact]
    public async Task Types_choose_events()
    {
        var customer = await app.CustomerAsync();
        (await customer.Patch(customer.Url, new { gender = "female" })).Expect(200);
        (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);

        var told = await app.EventsAsync(customer.Id, "customer.updated,address.created");

        Assert.Equal(["customer.updated", "address.created"], told.Select(one => one.Type));
    }

    [Theory]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=NS4xMg", "cursor")]
    [InlineData("types=customer.renamed", "types")]
    [InlineData("types=", "types")]
    [InlineData("customer=ada", "customer")]
    [InlineData("page_size=0", "page_size")]
    [InlineData("wait=31", "wait")]
    [InlineData("wait=soon", "wait")]
    [InlineData("since=1", "since")]
    public async Task A_wrong_parameter_is_named(string query, string member) =>
        (await (await app.AdminAsync()).Get($"/api/events/?{query}")).ExpectProblem(400, member);

    [Fact]
    public async Task A_cursor_from_after_the_end_is_of_another_database() => Assert.Equal(
        "cursor_expired",
        (await (await app.AdminAsync()).Get($"/api/events/?cursor={EventFeed.Cursor(long.MaxValue)}")).ExpectProblem(410).Code);

    [Fact]
    public async Task A_call_that_waits_gets_an_event_as_soon_as_there_is_one()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        await app.PlaceEventsAsync();
        var cursor = (string)(await admin.Get("/api/events/?cursor=latest")).Expect(200)["cursor"]!;

        var waiting = admin.Get($"/api/events/?customer={customer.Id}&cursor={cursor}&wait=30");
        var (begun, changed) = (Stopwatch.GetTimestamp(), await customer.Patch(customer.Url, new { gender = "female" }));
        changed.Expect(200);

        Assert.Equal("customer.updated", Assert.Single(EventReading.Events((await waiting).Expect(200))).Type);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_call_that_waits_in_vain_gets_an_empty_page()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        await app.PlaceEventsAsync();
        var cursor = (string)(await admin.Get("/api/events/?cursor=latest")).Expect(200)["cursor"]!;
        var begun = Stopwatch.GetTimestamp();

        var page = (await admin.Get($"/api/events/?customer={customer.Id}&cursor={cursor}&wait=1")).Expect(200);

        Assert.Empty(page["results"].AsArray());
        Assert.False((bool)page["more"]!);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_key_reads_the_events_of_everybody_but_staff()
    {
        var (customer, admin, key) = (await app.CustomerAsync(), await app.NewAdminAsync(), await app.KeyAsync("events:read"));
        await app.PlaceEventsAsync();

        Assert.Single(EventReading.Events((await key.Get($"/api/events/?customer={customer.Id}")).Expect(200)));
        Assert.Empty(EventReading.Events((await key.Get($"/api/events/?customer={admin.Id}")).Expect(200)));
        (await (await app.KeyAsync("customers:read")).Get("/api/events/")).ExpectProblem(403);
        (await customer.Get("/api/events/")).ExpectProblem(403);
    }

    [Fact]
    public async Task Old_events_are_deleted_and_their_cursors_are_refused()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Events:KeepDays"] = "10" } });
        var (customer, admin) = (await own.CustomerAsync(), await own.KeyAsync("events:read"));
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.PlaceEventsAsync();
        var first = (string)(await admin.Get("/api/events/?page_size=1")).Expect(200)["cursor"]!;
        var last = (string)(await admin.Get("/api/events/?cursor=latest")).Expect(200)["cursor"]!;
        await own.MaintainAsync();
        (await admin.Get($"/api/events/?cursor={first}")).Expect(200);

        own.Clock.Advance(TimeSpan.FromDays(11));
        var again = await own.SignInAsync(customer.Username, customer.Password);
        (await again.Patch("/api/customers/customers/update_profile/", new { gender = "female" })).Expect(200);
        await own.PlaceEventsAsync();
        await own.MaintainAsync();

        Assert.Equal("cursor_expired", (await admin.Get($"/api/events/?cursor={first}")).ExpectProblem(410).Code);
        Assert.Equal("customer.updated", Assert.Single(EventReading.Events((await admin.Get($"/api/events/?cursor={last}")).Expect(200))).Type);
        Assert.Equal("customer.updated", Assert.Single(EventReading.Events((await admin.Get("/api/events/")).Expect(200))).Type);
        Assert.Empty(await own.CheckAsync());
    }

    [Fact]
    public async Task An_event_of_a_clock_that_was_ahead_keeps_no_later_ones()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Events:KeepDays"] = "10" } });
        var customer = await own.CustomerAsync();
        await own.PlaceEventsAsync();
        await own.Database.ExecuteAsync("UPDATE events SET at = '2100-01-01 00:00:00'");
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.PlaceEventsAsync();

        own.Clock.Advance(TimeSpan.FromDays(11));
        await own.MaintainAsync();

        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM events"));
    }

    [Fact]
    public async Task A_node_that_stops_ends_the_calls_that_wait()
    {
        var (database, username) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        await using var server = await ServerProcess.ServeAsync(database.ConnectionString);
        var pair = (await new Actor(server.Client).Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200);
        var admin = new Actor(server.Client) { Access = (string)pair["access"]! };
        var page = (await admin.Get("/api/events/?wait=2")).Expect(200);

        var waiting = admin.Get($"/api/events/?cursor={page["cursor"]}&types=points.released&wait=30");
        await Task.WhenAny(waiting, Task.Delay(300, TestContext.Current.CancellationToken));
        var begun = Stopwatch.GetTimestamp();
        var ended = server.TerminateAsync();

        Assert.Empty(EventReading.Events((await waiting).Expect(200)));
        Assert.Equal(0, await ended);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_event_without_a_place_and_one_that_counts_too_far_are_found_by_the_check()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await own.PlaceEventsAsync();
        Assert.Empty(await own.CheckAsync());

        await own.Database.ExecuteAsync($"UPDATE customers SET event_count = 0 WHERE id = {customer.Id}");
        await own.Database.ExecuteAsync($"UPDATE events SET position = 1000000 WHERE customer_id = {customer.Id}");

        var found = await own.CheckAsync();
        Assert.Contains(found, finding => finding.Contains("higher number than they have counted", StringComparison.Ordinal));
        Assert.Contains(found, finding => finding.Contains("after the end of the feed", StringComparison.Ordinal));
    }
}
