using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Customers see where they are signed in.</summary>
public sealed class SeeingSessions(ClienteleApp app)
{
    private const string Sessions = "/api/auth/sessions/";

    [Fact]
    public async Task Two_browsers_are_two_sessions_with_their_clients_and_networks()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = SignIns.BelievesThisMachine });
        var customer = await own.CustomerAsync();
        var laptop = await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux, "198.51.100.77");
        own.Clock.Advance(TimeSpan.FromMinutes(2));
        var phone = await own.SignInWithAsync(customer, SignIns.SafariOnIPhone, "2001:db8:12:3456:789a::1");

        var seen = await laptop.SessionsAsync();

        Assert.Equal(
            [("Safari on iPhone", "2001:db8:12::/48", false), ("Firefox on Linux", "198.51.100.0/24", true)],
            seen.Take(2).Select(session => ((string)session["client"]!, (string)session["network"]!, (bool)session["current"]!)));
        Assert.Equal(seen.Select(Id), (await phone.SessionsAsync()).Select(Id));
        Assert.Equal(Id(seen[0]), Id(await phone.SessionAsync()));
        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public async Task A_session_shows_what_is_documented()
    {
        var customer = await app.CustomerAsync();

        var session = Assert.Single(await customer.SessionsAsync());

        Assert.Equal(
            ["id", "client", "network", "signed_in_with", "created_at", "last_used_at", "expires_at", "current"],
            session.AsObject().Select(member => member.Key));
        Assert.Equal(("Unknown client", "127.0.0.0/24", "password"), (
            (string)session["client"]!, (string)session["network"]!, (string)session["signed_in_with"]!));
        Assert.Equal(TimeSpan.FromDays(14), (DateTime)session["expires_at"]! - (DateTime)session["created_at"]!);
        Assert.Equal((DateTime)session["created_at"]!, (DateTime)session["last_used_at"]!);
    }

    [Fact]
    public async Task Refreshing_keeps_the_session_and_moves_its_last_use_to_the_minute()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var began = await customer.SessionAsync();

        own.Clock.Advance(TimeSpan.FromSeconds(40));
        var soon = await RefreshAsync(own, customer);
        var unmoved = await soon.SessionAsync();
        own.Clock.Advance(TimeSpan.FromSeconds(40));
        var moved = await (await RefreshAsync(own, soon)).SessionAsync();

        Assert.Equal((Id(began), Id(began)), (Id(unmoved), Id(moved)));
        Assert.Equal((string)began["last_used_at"]!, (string)unmoved["last_used_at"]!);
        var later = (DateTime)moved["last_used_at"]! - (DateTime)began["last_used_at"]!;
        Assert.InRange(later, TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(140));
        Assert.Equal(later, (DateTime)moved["expires_at"]! - (DateTime)began["expires_at"]!);
        Assert.Equal((string)began["created_at"]!, (string)moved["created_at"]!);
    }

    [Fact]
    public async Task A_retried_refresh_belongs_to_the_same_session()
    {
        var customer = await app.CustomerAsync();
        await RefreshAsync(app, customer);

        var retried = await RefreshAsync(app, customer);

        Assert.Equal(Id(await customer.SessionAsync()), Id(await retried.SessionAsync()));
    }

    [Fact]
    public async Task A_session_that_nobody_refreshes_leaves_the_list_and_later_the_database()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        own.Clock.Advance(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(1));
        var back = await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux);
        Assert.Single(await back.SessionsAsync());
        own.Clock.Advance(TimeSpan.FromDays(1));
        await own.MaintainAsync();

        Assert.Equal(1, await own.Database.CountAsync($"SELECT COUNT(*) FROM sessions WHERE customer_id = {customer.Id}"));
    }

    [Fact]
    public async Task A_sign_in_at_an_earlier_release_becomes_a_session_when_it_is_refreshed()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var id = Id(await customer.SessionAsync());
        await own.Database.ExecuteAsync($"DELETE FROM sessions WHERE customer_id = {customer.Id}");

        var refreshed = await RefreshAsync(own, customer);

        var session = await refreshed.SessionAsync();
        Assert.Equal(id, Id(session));
        Assert.Equal("password", (string)session["signed_in_with"]!);
    }

    [Fact]
    public async Task An_admin_sees_the_sessions_of_a_customer()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        await app.SignInWithAsync(customer, SignIns.FirefoxOnLinux);

        var seen = (await admin.Get($"{customer.Url}sessions/")).Expect(200).Json.AsArray();

        Assert.Equal((await customer.SessionsAsync()).Select(Id), seen.Select(session => Id(session!)));
        Assert.All(seen, session => Assert.False((bool)session!["current"]!));
        (await admin.Get("/api/customers/customers/999999999999/sessions/")).ExpectProblem(404);
    }

    [Fact]
    public async Task Sessions_go_with_the_customer()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());

        (await admin.Delete(customer.Url)).Expect(204);

        foreach (var table in new[] { "sessions", "known_clients" })
        {
            Assert.Equal(0, await app.Database.CountAsync($"SELECT COUNT(*) FROM {table} WHERE customer_id = {customer.Id}"));
        }
    }

    [Fact]
    public async Task The_list_has_the_hundred_sessions_that_were_used_last()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var last = customer;
        for (var i = 0; i < 100; i++)
        {
            own.Clock.Advance(TimeSpan.FromSeconds(1));
            last = await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux);
        }

        var seen = await last.SessionsAsync();

        Assert.Equal(100, seen.Count);
        Assert.True((bool)seen[0]["current"]!);
        Assert.DoesNotContain(await customer.SessionsAsync(), session => (bool)session["current"]!);
    }

    [Fact]
    public async Task The_list_needs_a_token() => (await app.Stranger.Get(Sessions)).ExpectProblem(401);

    private static string Id(JsonNode session) => (string)session["id"]!;

    private static async Task<Actor> RefreshAsync(ClienteleApp node, Actor actor)
    {
        var pair = (await node.Stranger.Post("/api/auth/token/refresh/", new { refresh = actor.Refresh })).Expect(200);
        return new Actor(node.CreateClient()) { Id = actor.Id, Access = (string)pair["access"]!, Refresh = (string)pair["refresh"]! };
    }
}
