using Clientele.Server.Accounts;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Accounts;

/// <summary>A session that its owner or an admin ends is over everywhere, and no other is.</summary>
public sealed class EndingOneSession(ClienteleApp app)
{
    private const string Me = "/api/customers/customers/me/";
    private const string Sessions = "/api/auth/sessions/";

    // The contract is five seconds. The rest is for a busy machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5 + 5);

    public static TheoryData<string> Ends => ["end", "end others", "admin ends", "admin ends all", "sign out", "reuse"];

    [Fact]
    public async Task Access_tokens_end_at_once_on_this_node_and_within_five_seconds_on_the_other()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        await one.AdminAsync();
        await Task.WhenAll(Ends.Select(async row =>
        {
            var end = row.Data;
            var customer = await one.CustomerAsync();
            var lost = await one.SignInWithAsync(customer, SignIns.SafariOnIPhone);
            (await two.Here(lost).Get(Me)).Expect(200);
            (await lost.Get(Me)).Expect(200);

            await EndAsync(one, end, customer, lost);

            (await lost.Get(Me)).ExpectProblem(401);
            await ExpectSignedOutAsync(two, lost);
            await Wait.UntilAsync(async () => (int)(await two.Here(lost).Get(Me)).Status == 401, Soon, $"{end} on the other node");
        }));
    }

    [Theory]
    [InlineData("end")]
    [InlineData("end others")]
    [InlineData("admin ends")]
    [InlineData("sign out")]
    public async Task The_other_session_goes_on(string end)
    {
        var customer = await app.CustomerAsync();
        var lost = await app.SignInWithAsync(customer, SignIns.SafariOnIPhone);

        await EndAsync(app, end, customer, lost);

        (await customer.Get(Me)).Expect(200);
        Assert.True((bool)Assert.Single(await customer.SessionsAsync())["current"]!);
        (await app.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).Expect(200);
    }

    [Fact]
    public async Task An_admin_ends_all_sessions_of_a_customer_who_can_sign_in_again()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());

        (await admin.Delete($"{customer.Url}sessions/")).Expect(204);

        (await customer.Get(Me)).ExpectProblem(401);
        await ExpectSignedOutAsync(app, customer);
        await app.SignInAsync(customer.Username, customer.Password);
        (await admin.Get(Me)).Expect(200);
    }

    [Fact]
    public async Task The_session_of_the_call_itself_can_be_ended()
    {
        var customer = await app.CustomerAsync();

        (await customer.Delete($"{Sessions}{(await customer.SessionAsync())["id"]}/")).Expect(204);

        (await customer.Get(Me)).ExpectProblem(401);
        await ExpectSignedOutAsync(app, customer);
    }

    [Fact]
    public async Task Somebody_elses_session_does_not_exist()
    {
        var (customer, other, admin) = (await app.CustomerAsync(), await app.CustomerAsync(), await app.AdminAsync());
        var theirs = (string)(await other.SessionAsync())["id"]!;

        (await customer.Delete($"{Sessions}{theirs}/")).ExpectProblem(404);
        (await admin.Delete($"{Sessions}{theirs}/")).ExpectProblem(404);
        (await admin.Delete($"{customer.Url}sessions/{theirs}/")).ExpectProblem(404);
        (await customer.Delete($"{other.Url}sessions/{theirs}/")).ExpectProblem(403);

        (await other.Get(Me)).Expect(200);
    }

    [Theory]
    [InlineData("0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("1")]
    [InlineData("%2E%2E%2F")]
    public async Task A_session_that_does_not_exist_cannot_be_ended(string id)
    {
        var customer = await app.CustomerAsync();

        (await customer.Delete($"{Sessions}{id}/")).ExpectProblem(404);

        (await customer.Get(Me)).Expect(200);
    }

    [Fact]
    public async Task Ending_a_session_is_in_the_history_and_ending_nothing_is_not()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var first = await app.SignInWithAsync(customer, SignIns.SafariOnIPhone);
        await app.SignInWithAsync(customer, SignIns.FirefoxOnLinux);
        var id = (string)(await first.SessionAsync())["id"]!;

        (await customer.Delete($"{Sessions}{id}/")).Expect(204);
        (await customer.Delete($"{Sessions}{id}/")).ExpectProblem(404);
        (await customer.Delete(Sessions)).Expect(204);
        (await customer.Delete(Sessions)).Expect(204);
        (await admin.Delete($"{customer.Url}sessions/")).Expect(204);

        var history = (await admin.Get($"{customer.Url}history/?action=session.ended&ordering=id")).Expect(200)["results"].AsArray();
        Assert.Equal(
            [($"session/{id}", customer.Id), ($"customer/{customer.Id}", customer.Id), ($"customer/{customer.Id}", admin.Id)],
            history.Select(entry => ((string)entry!["resource"]!, (long)entry["actor"]!["id"]!)));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_refresh_in_the_same_instant_leaves_nothing_of_the_session(string end)
    {
        await using var own = await ClienteleApp.StartAsync();
        for (var round = 0; round < 4; round++)
        {
            var customer = await own.CustomerAsync();
            var lost = await own.SignInWithAsync(customer, SignIns.SafariOnIPhone);
            var id = (string)(await lost.SessionAsync())["id"]!;

            var answers = await Crowd.AtOnceAsync(6, async i =>
            {
                if (i == 3)
                {
                    await EndAsync(own, end, customer, lost);
                    return null;
                }

                return end == "reuse" ? null : await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = lost.Refresh });
            });

            foreach (var pair in answers.OfType<Answer>().Where(answer => (int)answer.Status == 200))
            {
                (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = (string)pair["refresh"]! })).ExpectProblem(401);
                (await new Actor(own.CreateClient()) { Access = (string)pair["access"]! }.Get(Me)).ExpectProblem(401);
            }

            Assert.DoesNotContain(id, await StoredAsync(own, customer.Id));
        }
    }

    [Fact]
    public async Task A_token_from_before_sessions_were_kept_is_valid_until_it_expires()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var tokens = own.Services.GetRequiredService<Sessions>();
        var old = new Actor(own.CreateClient()) { Access = tokens.AccessToken(customer.Id, 1, isStaff: false, session: null) };

        (await old.Get(Me)).Expect(200);
        Assert.All(await old.SessionsAsync(), session => Assert.False((bool)session["current"]!));
        own.Clock.Advance(TimeSpan.FromMinutes(16));
        (await old.Get(Me)).ExpectProblem(401);
    }

    [Fact]
    public async Task A_changed_password_ends_what_the_list_shows()
    {
        var customer = await app.CustomerAsync();
        var change = new { old_password = customer.Password, new_password = "another-horse-another-battery", new_password2 = "another-horse-another-battery" };

        (await customer.Post("/api/customers/customers/change_password/", change)).Expect(200);

        Assert.Empty(await StoredAsync(app, customer.Id));
    }

    private static async Task EndAsync(ClienteleApp node, string end, Actor customer, Actor lost)
    {
        var id = (string)(await lost.SessionAsync())["id"]!;
        switch (end)
        {
            case "end":
                (await node.Here(customer).Delete($"{Sessions}{id}/")).Expect(204);
                break;
            case "end others":
                (await node.Here(customer).Delete(Sessions)).Expect(204);
                break;
            case "admin ends":
                (await (await node.AdminAsync()).Delete($"{customer.Url}sessions/{id}/")).Expect(204);
                break;
            case "admin ends all":
                (await (await node.AdminAsync()).Delete($"{customer.Url}sessions/")).Expect(204);
                break;
            case "sign out":
                (await node.Stranger.Post("/api/auth/token/revoke/", new { refresh = lost.Refresh })).Expect(204);
                break;
            default:
                await ReuseAsync(node, lost);
                break;
        }
    }

    /// <summary>A token that was used twice was copied.</summary>
    private static async Task ReuseAsync(ClienteleApp node, Actor lost)
    {
        var next = (await node.Stranger.Post("/api/auth/token/refresh/", new { refresh = lost.Refresh })).Expect(200);
        (await node.Stranger.Post("/api/auth/token/refresh/", new { refresh = (string)next["refresh"]! })).Expect(200);
        (await node.Stranger.Post("/api/auth/token/refresh/", new { refresh = lost.Refresh })).ExpectProblem(401);
    }

    private static async Task ExpectSignedOutAsync(ClienteleApp node, Actor lost) =>
        (await node.Stranger.Post("/api/auth/token/refresh/", new { refresh = lost.Refresh })).ExpectProblem(401);

    /// <summary>The ids of the sessions that are stored, from both tables that know them.</summary>
    private static async Task<IReadOnlyList<string>> StoredAsync(ClienteleApp own, long customer)
    {
        var rows = await own.Database.QueryAsync(
            $"SELECT id FROM sessions WHERE customer_id = {customer} UNION SELECT family_id FROM refresh_tokens WHERE customer_id = {customer}");
        return [.. rows.Select(row => Guid.ParseExact(row[0].ToString()!, "D").ToString())];
    }
}
