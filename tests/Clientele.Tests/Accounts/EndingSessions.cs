using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Whatever ends an account or its password ends every session, on every node, and no simultaneous login survives.</summary>
public sealed class EndingSessions
{
    private const string NewPassword = "another-horse-another-battery";
    private const string Me = "/api/customers/customers/me/";

    // The contract is five seconds. The rest is for a busy machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5 + 5);

    public static TheoryData<string> Ends => ["deactivate", "patch", "password", "erase"];

    [Fact]
    public async Task Sessions_end_at_once_on_this_node_and_within_five_seconds_on_the_other()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customers = new Dictionary<string, Actor>();
        foreach (string end in Ends)
        {
            customers[end] = await one.CustomerAsync();
        }

        await Task.WhenAll(customers.Select(async ended =>
        {
            var (end, customer) = ended;
            (await two.Here(customer).Get(Me)).Expect(200);

            (await EndAsync(one, end, customer)).Expect(end == "erase" ? 204 : 200);

            (await customer.Get(Me)).ExpectProblem(401);
            (await RefreshAsync(one, customer.Refresh)).ExpectProblem(401);
            (await RefreshAsync(two, customer.Refresh)).ExpectProblem(401);
            await Wait.UntilAsync(async () => (int)(await two.Here(customer).Get(Me)).Status == 401, Soon, $"{end} on the other node");
        }));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_login_in_the_same_instant_leaves_no_live_session(string end)
    {
        await using var app = await StartAsync();
        for (var round = 0; round < 4; round++)
        {
            var customer = await app.CustomerAsync();

            var answers = await Crowd.AtOnceAsync(5, i => i == 2
                ? EndAsync(app, end, customer)
                : app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password }));

            answers[2].Expect(end == "erase" ? 204 : 200);
            Assert.All(answers, answer => Assert.True((int)answer.Status is 200 or 204 or 401, answer.Text));
            foreach (var session in answers.Where(answer => answer.Text.Contains("refresh", StringComparison.Ordinal) && (int)answer.Status == 200))
            {
                (await RefreshAsync(app, (string)session["refresh"]!)).ExpectProblem(401);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_refresh_in_the_same_instant_leaves_no_live_session(string end)
    {
        await using var app = await StartAsync();
        for (var round = 0; round < 4; round++)
        {
            var customer = await app.CustomerAsync();
            var others = new List<Actor>();
            for (var i = 0; i < 7; i++)
            {
                others.Add(await app.SignInAsync(customer.Username, customer.Password));
            }

            var answers = await Crowd.AtOnceAsync(8, i => i == 3 ? EndAsync(app, end, customer) : RefreshAsync(app, others[i % 7].Refresh));

            answers[3].Expect(end == "erase" ? 204 : 200);
            Assert.All(answers, answer => Assert.True((int)answer.Status is 200 or 204 or 401, answer.Text));
            foreach (var session in answers.Where(answer => answer.Text.Contains("\"refresh\"", StringComparison.Ordinal)))
            {
                (await RefreshAsync(app, (string)session["refresh"]!)).ExpectProblem(401);
            }

            Assert.Equal(0, await app.Database.CountAsync($"SELECT COUNT(*) FROM refresh_tokens WHERE customer_id = {customer.Id}"));
        }
    }

    [Fact]
    public async Task Of_two_password_changes_with_the_same_old_password_one_wins()
    {
        await using var app = await StartAsync();
        for (var round = 0; round < 4; round++)
        {
            var customer = await app.CustomerAsync();

            var answers = await Crowd.AtOnceAsync(2, i => ChangeAsync(customer, $"{NewPassword}-{i}"));

            var winner = Array.FindIndex(answers, answer => (int)answer.Status == 200);
            Assert.True((int)answers[1 - winner].Status is 400 or 401, answers[1 - winner].Text);
            await app.SignInAsync(customer.Username, $"{NewPassword}-{winner}");
        }
    }

    /// <summary>An app whose limits allow all the failing logins.</summary>
    private static Task<ClienteleApp> StartAsync() => ClienteleApp.StartAsync(new() { Settings = new() { ["RateLimits:SignInPerNetwork"] = "1000000" } });

    private static async Task<Answer> EndAsync(ClienteleApp node, string end, Actor customer)
    {
        var admin = await node.AdminAsync();
        return end switch
        {
            "deactivate" => await admin.Post($"{customer.Url}deactivate/"),
            "patch" => await admin.Patch(customer.Url, new { is_active = false }),
            "erase" => await admin.Delete(customer.Url),
            _ => await ChangeAsync(customer, NewPassword),
        };
    }

    private static Task<Answer> ChangeAsync(Actor customer, string password) => customer.Post(
        "/api/customers/customers/change_password/",
        new { old_password = customer.Password, new_password = password, new_password2 = password });

    private static Task<Answer> RefreshAsync(ClienteleApp node, string refresh) => node.Stranger.Post("/api/auth/token/refresh/", new { refresh });
}
