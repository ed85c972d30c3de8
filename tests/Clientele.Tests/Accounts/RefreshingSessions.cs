using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>A refresh token has one successor; if a thief uses it as well, the session ends.</summary>
public sealed class RefreshingSessions
{
    [Fact]
    public async Task Many_refreshes_of_one_token_on_two_nodes_get_one_successor()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();

        var answers = await Crowd.AtOnceAsync(i => RefreshAsync(i % 2 == 0 ? one : two, customer.Refresh));

        var successor = Assert.Single(answers.Select(answer => (string)answer.Expect(200)["refresh"]!).Distinct());
        Assert.NotEqual(customer.Refresh, successor);
        Assert.Equal(2, await one.Database.CountAsync($"SELECT COUNT(*) FROM refresh_tokens WHERE customer_id = {customer.Id}"));
        (await RefreshAsync(two, successor)).Expect(200);
    }

    [Fact]
    public async Task A_lost_answer_may_be_fetched_again_for_ten_seconds_from_any_node()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();
        one.Clock.Stop();
        var successor = await SuccessorAsync(one, customer.Refresh);

        one.Clock.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal(successor, await SuccessorAsync(two, customer.Refresh));
        Assert.Equal(successor, await SuccessorAsync(one, customer.Refresh));
    }

    [Fact]
    public async Task After_ten_seconds_a_used_token_ends_its_family_on_all_nodes_and_is_audited()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();
        var elsewhere = await one.SignInAsync(customer.Username, customer.Password);
        var successor = await SuccessorAsync(one, customer.Refresh);

        one.Clock.Advance(TimeSpan.FromSeconds(11));

        (await RefreshAsync(two, customer.Refresh)).ExpectProblem(401);
        (await RefreshAsync(one, successor)).ExpectProblem(401);
        await ExpectAuditedAsync(one, customer.Id);
        (await RefreshAsync(one, elsewhere.Refresh)).Expect(200);
    }

    [Fact]
    public async Task Once_the_successor_is_used_the_old_token_ends_the_family()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var successor = await SuccessorAsync(own, customer.Refresh);
        var third = await SuccessorAsync(own, successor);

        (await RefreshAsync(own, customer.Refresh)).ExpectProblem(401);

        (await RefreshAsync(own, third)).ExpectProblem(401);
        await ExpectAuditedAsync(own, customer.Id);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_only_this_one()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var elsewhere = await own.SignInAsync(customer.Username, customer.Password);

        (await own.Stranger.Post("/api/auth/token/revoke/", new { refresh = customer.Refresh })).Expect(204);
        (await own.Stranger.Post("/api/auth/token/revoke/", new { refresh = customer.Refresh })).Expect(204);

        (await RefreshAsync(own, customer.Refresh)).ExpectProblem(401);
        (await RefreshAsync(own, elsewhere.Refresh)).Expect(200);
    }

    [Fact]
    public async Task Refreshing_signing_out_and_stealing_at_once_ends_in_one_dead_family()
    {
        await using var own = await ClienteleApp.StartAsync();
        for (var round = 0; round < 4; round++)
        {
            var customer = await own.CustomerAsync();
            var successor = await SuccessorAsync(own, customer.Refresh);
            await SuccessorAsync(own, successor);

            // The first token now counts as reused; the second may be retried.
            var answers = await Crowd.AtOnceAsync(i => i % 2 == 0
                ? RefreshAsync(own, i % 4 == 0 ? customer.Refresh : successor)
                : own.Stranger.Post("/api/auth/token/revoke/", new { refresh = successor }));

            Assert.All(answers, answer => Assert.True((int)answer.Status is 200 or 204 or 401, answer.Text));
            Assert.Equal(0, await own.Database.CountAsync($"SELECT COUNT(*) FROM refresh_tokens WHERE customer_id = {customer.Id}"));
        }
    }

    private static Task<Answer> RefreshAsync(ClienteleApp node, string refresh) => node.Stranger.Post("/api/auth/token/refresh/", new { refresh });

    private static async Task<string> SuccessorAsync(ClienteleApp node, string refresh) => (string)(await RefreshAsync(node, refresh)).Expect(200)["refresh"]!;

    private static async Task ExpectAuditedAsync(ClienteleApp own, long id) =>
        Assert.Equal(1, await own.Database.CountAsync($"SELECT COUNT(*) FROM audit_entries WHERE customer_id = {id} AND action = 'session.reuse_detected'"));
}
