using System.Globalization;
using System.Security.Cryptography;
using Clientele.Server.Accounts;
using Clientele.Server.Data;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Accounts;

public sealed class RefreshingTokens(ClienteleApp app)
{
    private const string Refresh = "/api/auth/token/refresh/";
    private const string Revoke = "/api/auth/token/revoke/";

    [Fact]
    public async Task A_refresh_token_gets_a_new_pair()
    {
        var customer = await app.CustomerAsync();

        var pair = (await app.Stranger.Post(Refresh, new { refresh = customer.Refresh })).Expect(200);

        Assert.Equal(["access", "refresh", "token_type", "expires_in"], pair.Json.AsObject().Select(member => member.Key));
        Assert.NotEqual(customer.Refresh, (string)pair["refresh"]!);
        (await new Actor(app.CreateClient()) { Access = (string)pair["access"]! }.Get("/api/customers/customers/me/")).Expect(200);
        (await customer.Get("/api/customers/customers/me/")).Expect(200);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1.x")]
    [InlineData("99999999999999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("..")]
    public async Task A_bad_refresh_token_is_refused_and_can_be_revoked(string refresh)
    {
        (await app.Stranger.Post(Refresh, new { refresh })).ExpectProblem(401);
        (await app.Stranger.Post(Revoke, new { refresh })).Expect(204);
    }

    [Fact]
    public async Task The_member_is_required()
    {
        (await app.Stranger.Post(Refresh, "{}")).ExpectProblem(400, "refresh");
        (await app.Stranger.Post(Revoke, "{}")).ExpectProblem(400, "refresh");
    }

    [Fact]
    public async Task A_retry_within_ten_seconds_gets_the_same_successor_while_that_is_unused()
    {
        var customer = await app.CustomerAsync();

        var successor = await NextAsync(app, customer.Refresh);
        Assert.Equal(successor, await NextAsync(app, customer.Refresh));
        await NextAsync(app, successor);

        // The successor has been used, so two callers have the first token. One of them has stolen it.
        (await app.Stranger.Post(Refresh, new { refresh = customer.Refresh })).ExpectProblem(401);
    }

    [Fact]
    public async Task A_used_token_presented_later_ends_the_family_and_no_other()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var elsewhere = await own.SignInAsync(customer.Username, customer.Password);
        var successor = await NextAsync(own, customer.Refresh);

        own.Clock.Advance(TimeSpan.FromSeconds(11));

        (await own.Stranger.Post(Refresh, new { refresh = customer.Refresh })).ExpectProblem(401);
        (await own.Stranger.Post(Refresh, new { refresh = successor })).ExpectProblem(401);
        await NextAsync(own, elsewhere.Refresh);
    }

    [Fact]
    public async Task However_many_tokens_have_expired_they_are_deleted_and_no_others()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var kept = await own.Database.CountAsync("SELECT COUNT(*) FROM refresh_tokens");
        var now = own.Clock.Now();
        await own.WithDatabaseAsync(db =>
        {
            db.AddRange(Enumerable.Range(0, 2500).Select(i => new RefreshToken
            {
                CustomerId = customer.Id,
                TokenHash = RandomNumberGenerator.GetBytes(32),
                FamilyId = Guid.NewGuid(),
                SecurityVersion = 1,
                SignedInAt = now.AddDays(-20),
                ExpiresAt = now.AddSeconds(-1 - (i / 3)),
            }));
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        await own.MaintainAsync();

        Assert.Equal(kept, await own.Database.CountAsync("SELECT COUNT(*) FROM refresh_tokens"));
        (await own.Stranger.Post(Refresh, new { refresh = customer.Refresh })).Expect(200);
    }

    [Fact]
    public async Task A_session_slides_by_fourteen_days_and_ends_after_ninety()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var idle = await own.SignInAsync(customer.Username, customer.Password);
        var began = own.Clock.GetUtcNow();
        var refresh = customer.Refresh;

        own.Clock.AdvanceTo(began + TimeSpan.FromDays(13.9));
        refresh = await NextAsync(own, refresh);
        own.Clock.AdvanceTo(began + TimeSpan.FromDays(14.1));
        (await own.Stranger.Post(Refresh, new { refresh = idle.Refresh })).ExpectProblem(401);
        foreach (var day in new[] { 27, 40, 53, 66, 79, 89 })
        {
            own.Clock.AdvanceTo(began + TimeSpan.FromDays(day));
            refresh = await NextAsync(own, refresh);
        }

        own.Clock.AdvanceTo(began + TimeSpan.FromDays(90));
        (await own.Stranger.Post(Refresh, new { refresh })).ExpectProblem(401);
        await own.SignInAsync(customer.Username, customer.Password);
    }

    [Fact]
    public async Task Expired_tokens_are_cleared_away()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        Task<int> CountAsync() => own.WithDatabaseAsync(db => db.RefreshTokens.CountAsync(t => t.CustomerId == customer.Id));
        Assert.Equal(1, await CountAsync());

        own.Clock.Advance(TimeSpan.FromDays(15));
        await own.MaintainAsync();

        Assert.Equal(0, await CountAsync());
        (await own.Stranger.Post(Refresh, new { refresh = customer.Refresh })).ExpectProblem(401);
    }

    [Fact]
    public async Task Revoking_any_token_of_a_family_ends_it_and_no_other()
    {
        var customer = await app.CustomerAsync();
        var elsewhere = await app.SignInAsync(customer.Username, customer.Password);
        var successor = await NextAsync(app, customer.Refresh);

        Assert.Empty((await app.Stranger.Post(Revoke, new { refresh = customer.Refresh })).Expect(204).Text);

        (await app.Stranger.Post(Refresh, new { refresh = successor })).ExpectProblem(401);
        (await app.Stranger.Post(Revoke, new { refresh = successor })).Expect(204);
        await NextAsync(app, elsewhere.Refresh);
    }

    [Fact]
    public async Task Deactivation_ends_every_session_for_good()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();

        (await admin.Post(customer.Url + "deactivate/")).Expect(200);
        (await customer.Get("/api/customers/customers/me/")).ExpectProblem(401);
        (await app.Stranger.Post(Refresh, new { refresh = customer.Refresh })).ExpectProblem(401);

        (await admin.Post(customer.Url + "reactivate/")).Expect(200);
        (await customer.Get("/api/customers/customers/me/")).ExpectProblem(401);
        (await app.Stranger.Post(Refresh, new { refresh = customer.Refresh })).ExpectProblem(401);
        await app.SignInAsync(customer.Username, customer.Password);
    }

    [Fact]
    public async Task A_network_registers_so_many_customers_an_hour()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["RateLimits:Registration"] = "3" } });
        for (var i = 0; i < 3; i++)
        {
            await own.CustomerAsync();
        }

        var refused = (await RegisterAsync(own)).ExpectProblem(429);

        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 3500, 3600);
        own.Clock.Advance(TimeSpan.FromMinutes(61));
        (await RegisterAsync(own)).Expect(201);
    }

    [Fact]
    public void Three_hundred_registrations_are_the_default() => Assert.Equal(300, new Server.Http.RateLimits().Registration);

    private static Task<Answer> RegisterAsync(ClienteleApp of) => of.Stranger.Post("/api/customers/register/", Given.Registration("one-too-many"));

    private static async Task<string> NextAsync(ClienteleApp of, string refresh) =>
        (string)(await of.Stranger.Post(Refresh, new { refresh })).Expect(200)["refresh"]!;
}
