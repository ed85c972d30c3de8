using System.Globalization;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Two nodes whose clocks differ by two minutes treat a caller like a single node.</summary>
public sealed class KeepingTime
{
    private const string Me = "/api/customers/customers/me/";
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_answer_may_be_fetched_again_from_a_node_with_another_clock(bool ahead)
    {
        await using var nodes = await Nodes.StartAsync();
        var (first, second) = ahead ? (nodes.One, nodes.Ahead) : (nodes.Ahead, nodes.One);
        var customer = await first.CustomerAsync();
        var successor = (string)(await RefreshAsync(first, customer.Refresh)).Expect(200)["refresh"]!;

        Assert.Equal(successor, (string)(await RefreshAsync(second, customer.Refresh)).Expect(200)["refresh"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_used_token_ends_its_family_after_ten_seconds_on_a_node_with_another_clock(bool ahead)
    {
        await using var nodes = await Nodes.StartAsync();
        var (first, second) = ahead ? (nodes.One, nodes.Ahead) : (nodes.Ahead, nodes.One);
        var customer = await first.CustomerAsync();
        (await RefreshAsync(first, customer.Refresh)).Expect(200);

        nodes.Advance(TimeSpan.FromSeconds(11));

        (await RefreshAsync(second, customer.Refresh)).ExpectProblem(401);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_throttle_ends_at_one_instant_on_all_nodes(bool ahead)
    {
        await using var nodes = await Nodes.StartAsync();
        var (first, second) = ahead ? (nodes.One, nodes.Ahead) : (nodes.Ahead, nodes.One);
        for (var i = 0; i < 5; i++)
        {
            (await GuessAsync(first)).ExpectProblem(401);
        }

        var wait = int.Parse((await GuessAsync(first)).ExpectProblem(429).Headers["Retry-After"], CultureInfo.InvariantCulture);
        nodes.Advance(TimeSpan.FromSeconds(wait - 60));
        (await GuessAsync(second)).ExpectProblem(429);
        nodes.Advance(TimeSpan.FromSeconds(61));
        (await GuessAsync(second)).ExpectProblem(401);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-24)]
    public async Task A_clock_that_is_set_moves_no_window(int hours)
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var successor = (string)(await RefreshAsync(own, customer.Refresh)).Expect(200)["refresh"]!;

        own.Clock.Ahead = TimeSpan.FromHours(hours);

        Assert.Equal(successor, (string)(await RefreshAsync(own, customer.Refresh)).Expect(200)["refresh"]!);
        own.Clock.Advance(TimeSpan.FromSeconds(11));
        (await RefreshAsync(own, customer.Refresh)).ExpectProblem(401);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_access_token_ends_at_one_instant_on_all_nodes(bool ahead)
    {
        await using var nodes = await Nodes.StartAsync();
        var (first, second) = ahead ? (nodes.One, nodes.Ahead) : (nodes.Ahead, nodes.One);
        var customer = await first.CustomerAsync();

        nodes.Advance(TimeSpan.FromMinutes(14));
        (await second.Here(customer).Get(Me)).Expect(200);
        nodes.Advance(TimeSpan.FromSeconds(60 + 31));
        (await second.Here(customer).Get(Me)).ExpectProblem(401);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tokens_that_live_for_a_minute_are_good_on_all_nodes(bool ahead)
    {
        await using var nodes = await Nodes.StartAsync(("Tokens:AccessLifetime", "00:01:00"));
        var (first, second) = ahead ? (nodes.One, nodes.Ahead) : (nodes.Ahead, nodes.One);
        var customer = await first.CustomerAsync();

        (await second.Here(customer).Get(Me)).Expect(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_code_of_an_authenticator_app_is_right_on_all_nodes(bool ahead)
    {
        await using var nodes = await Nodes.StartAsync();
        var (first, second) = ahead ? (nodes.One, nodes.Ahead) : (nodes.Ahead, nodes.One);
        var customer = await first.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(second.Here(customer), nodes.One.Clock);
        nodes.Advance(TimeSpan.FromMinutes(1));

        var asked = (await UsingAnAuthenticator.SignInAsync(first, customer)).ExpectProblem(401);

        (await UsingAnAuthenticator.AnswerAsync(second, asked, app.Code())).Expect(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_challenge_for_a_passkey_and_a_step_up_are_good_on_all_nodes(bool ahead)
    {
        await using var nodes = await Nodes.StartAsync();
        var (first, second) = ahead ? (nodes.One, nodes.Ahead) : (nodes.Ahead, nodes.One);
        var customer = await first.CustomerAsync();
        using var phone = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(phone)).Expect(201);

        (await second.SignInAsync(phone.Use(await first.PasskeySignInOptionsAsync()))).Expect(200);

        var assertion = phone.Use(await first.PasskeySignInOptionsAsync());
        var stepped = (await second.Here(customer).Post("/api/auth/step_up/", new { assertion })).Expect(200);
        (await new Actor(first.CreateClient()) { Access = (string)stepped["access"]! }.Get($"{customer.Url}export/")).Expect(200);
    }

    [Fact]
    public async Task A_node_that_is_ahead_signs_with_a_new_key_only_when_all_nodes_have_read_it()
    {
        await using var nodes = await Nodes.StartAsync();
        await using var command = await ClienteleApp.StartAsync(new() { Database = nodes.One.Database });
        await command.Keys().RotateAsync(soon: true, revoke: false, TestContext.Current.CancellationToken);
        await nodes.Ahead.MaintainAsync();

        var customer = await nodes.Ahead.CustomerAsync();

        (await nodes.One.Here(customer).Get(Me)).Expect(200);
    }

    [Fact]
    public async Task A_node_whose_clock_was_set_back_believes_nothing_for_longer()
    {
        await using var nodes = await Nodes.StartAsync();
        var (customer, key) = (await nodes.One.CustomerAsync(), await nodes.One.KeyAsync("customers:read"));
        nodes.Ahead.Clock.Ahead = TimeSpan.FromHours(1);
        (await nodes.Ahead.Here(customer).Get(Me)).Expect(200);
        (await nodes.Ahead.Here(key).Get("/api/customers/customers/")).Expect(200);
        nodes.Ahead.Clock.Ahead = TimeSpan.Zero;

        await nodes.One.RevokeAsync(key);
        (await nodes.One.Stranger.Post("/api/auth/token/revoke/", new { refresh = customer.Refresh })).Expect(204);
        nodes.Advance(TimeSpan.FromSeconds(6));

        (await nodes.Ahead.Here(key).Get("/api/customers/customers/")).ExpectProblem(401);
        (await nodes.Ahead.Here(customer).Get(Me)).ExpectProblem(401);
    }

    private static Task<Answer> RefreshAsync(ClienteleApp node, string refresh) => node.Stranger.Post("/api/auth/token/refresh/", new { refresh });

    private static Task<Answer> GuessAsync(ClienteleApp node) => node.Stranger.Post("/api/auth/token/", new { username = "nobody", password = "guess" });

    private sealed class Nodes(ClienteleApp one, ClienteleApp ahead) : IAsyncDisposable
    {
        public ClienteleApp One => one;

        public ClienteleApp Ahead => ahead;

        public static async Task<Nodes> StartAsync(params (string Name, string? Value)[] settings)
        {
            var options = new ClienteleAppOptions { Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value) };
            var one = await ClienteleApp.StartAsync(options);
            return new(one, await ClienteleApp.StartAsync(options with { Database = one.Database, Clock = new() { Ahead = Apart } }));
        }

        public void Advance(TimeSpan by)
        {
            one.Clock.Advance(by);
            ahead.Clock.Advance(by);
        }

        public async ValueTask DisposeAsync()
        {
            await ahead.DisposeAsync();
            await one.DisposeAsync();
        }
    }
}
