using System.Net;
using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

public sealed class KeepingASession(ClienteleApp app)
{
    private const string Refreshing = "/api/auth/token/refresh/";
    private const string Me = "/api/customers/customers/me/";

    [Fact]
    public async Task An_access_token_is_renewed_shortly_before_it_ends()
    {
        await using var own = await ClienteleApp.StartAsync();
        var wire = new Wiretap();
        using var client = own.Client(await own.CustomerAsync(), wire);

        own.Clock.Advance(TimeSpan.FromMinutes(13));
        await client.Customers.GetMeAsync();
        Assert.Empty(wire.To(Refreshing));

        own.Clock.Advance(TimeSpan.FromMinutes(1.5));
        await client.Customers.GetMeAsync();
        Assert.Single(wire.To(Refreshing));
        Assert.Equal(2, wire.To(Me).Count());
    }

    [Fact]
    public async Task A_session_outlives_many_access_tokens()
    {
        await using var own = await ClienteleApp.StartAsync();
        var wire = new Wiretap();
        using var client = own.Client(await own.CustomerAsync(), wire);

        for (var day = 0; day < 5; day++)
        {
            own.Clock.Advance(TimeSpan.FromDays(1));
            await client.Customers.GetMeAsync();
        }

        Assert.Equal(5, wire.To(Refreshing).Count());
    }

    [Fact]
    public async Task Thirty_two_calls_at_once_renew_an_ending_token_once()
    {
        await using var own = await ClienteleApp.StartAsync();
        var wire = new Wiretap();
        using var client = own.Client(await own.CustomerAsync(), wire);
        own.Clock.Advance(TimeSpan.FromMinutes(20));

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => client.Customers.GetMeAsync()));

        Assert.Single(wire.To(Refreshing));
        Assert.Equal(32, wire.To(Me).Count());
    }

    [Fact]
    public async Task Thirty_two_calls_that_are_refused_at_once_renew_the_token_once()
    {
        await using var own = await ClienteleApp.StartAsync();
        var wire = new Wiretap();

        // The client's clock is slow, so only the service knows that the token has expired.
        using var client = own.Client(await own.CustomerAsync(), wire, options => options.Clock = TimeProvider.System);
        own.Clock.Advance(TimeSpan.FromMinutes(20));

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => client.Customers.GetMeAsync()));

        Assert.Single(wire.To(Refreshing));
    }

    [Fact]
    public async Task A_call_that_is_given_up_does_not_spoil_the_renewal_for_the_others()
    {
        await using var own = await ClienteleApp.StartAsync();
        using var client = own.Client(await own.CustomerAsync());
        own.Clock.Advance(TimeSpan.FromMinutes(20));
        using var impatient = new CancellationTokenSource();

        var first = client.Customers.GetMeAsync(impatient.Token);
        var second = client.Customers.GetMeAsync();
        await impatient.CancelAsync();

        Assert.Equal("Ada", (await second).Value.FirstName);
        await Task.WhenAny(first);
        Assert.NotNull(client.Tokens);
    }

    [Fact]
    public async Task A_lost_answer_to_a_renewal_is_asked_for_again()
    {
        await using var own = await ClienteleApp.StartAsync();
        var wire = new Wiretap().LoseAnswerOf(Refreshing);
        using var client = own.Client(await own.CustomerAsync(), wire);
        own.Clock.Advance(TimeSpan.FromMinutes(20));

        await client.Customers.GetMeAsync();

        Assert.Equal(2, wire.To(Refreshing).Count());
        Assert.Single(wire.To(Refreshing).Select(request => request.Body).Distinct());
    }

    [Fact]
    public async Task An_access_token_that_is_still_good_serves_while_it_cannot_be_renewed()
    {
        await using var own = await ClienteleApp.StartAsync();
        var wire = new Wiretap().AnswerInstead(Refreshing, HttpStatusCode.ServiceUnavailable);
        using var client = own.Client(await own.CustomerAsync(), wire, options => options.MaxRetries = 0);
        own.Clock.Advance(TimeSpan.FromMinutes(14.5));

        Assert.Equal("Ada", (await client.Customers.GetMeAsync()).Value.FirstName);
        Assert.Single(wire.To(Refreshing));
    }

    [Fact]
    public async Task Every_new_pair_is_told_so_that_it_can_be_stored()
    {
        await using var own = await ClienteleApp.StartAsync();
        var john = await own.CustomerAsync();
        var told = new List<TokenPair?>();
        using (var client = own.Client(with: options => options.TokensChanged = Remember))
        {
            await client.SignInAsync(john.Username, john.Password);
            own.Clock.Advance(TimeSpan.FromMinutes(20));
            await client.Customers.GetMeAsync();
            Assert.Equal(client.Tokens, told[^1]);
        }

        using var restarted = own.Client(with: options => (options.Tokens, options.TokensChanged) = (told[^1], Remember));
        await restarted.Customers.GetMeAsync();
        await restarted.SignOutAsync();
        Assert.Equal(3, told.Count);
        Assert.Null(told[^1]);

        Task Remember(TokenPair? tokens)
        {
            told.Add(tokens);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_service_too()
    {
        var john = await app.CustomerAsync();
        using var client = app.Client(john);

        await client.SignOutAsync();

        Assert.Null(client.Tokens);
        (await app.Stranger.Post(Refreshing, new { refresh = john.Refresh })).ExpectProblem(401);
        Assert.Equal("invalid_token", (await Assert.ThrowsAsync<ClienteleException>(() => client.Customers.GetMeAsync())).Code);
    }

    [Fact]
    public async Task A_session_that_the_service_has_ended_is_forgotten()
    {
        var john = await app.CustomerAsync();
        var told = new List<TokenPair?>();
        using var client = app.Client(john, with: options => options.TokensChanged = tokens =>
        {
            told.Add(tokens);
            return Task.CompletedTask;
        });
        (await john.Post(john.Url + "deactivate/")).Expect(200);

        var ended = await Assert.ThrowsAsync<ClienteleException>(() => client.Customers.GetMeAsync());

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_credentials"), (ended.Status, ended.Code));
        Assert.Null(client.Tokens);
        Assert.Equal([null], told);
    }

    [Fact]
    public async Task A_failed_sign_in_is_never_repeated()
    {
        var john = await app.CustomerAsync();
        var wire = new Wiretap().LoseAnswerOf("/api/auth/token/");
        using var client = app.Client(wire);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SignInAsync(john.Username, john.Password));
        await Assert.ThrowsAsync<ClienteleException>(() => client.SignInAsync(john.Username, "wrong"));

        Assert.Equal(2, wire.Sent.Count);
        Assert.All(wire.Sent, request => Assert.Null(request.Key));
    }

    [Fact]
    public async Task Public_calls_go_without_a_token()
    {
        var wire = new Wiretap();
        using var client = app.Client(await app.CustomerAsync(), wire);

        await client.Accounts.GetJwksAsync();
        await client.Health.GetReadinessAsync();

        Assert.All(wire.Sent, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task After_a_step_up_calls_send_the_stepped_up_token_until_it_expires()
    {
        await using var own = await ClienteleApp.StartAsync();
        var wire = new Wiretap();
        var (somebody, customer) = (await own.NewAdminAsync(), await own.CustomerAsync());
        using var admin = own.Client(somebody, wire);
        Assert.Equal("step_up_required", (await Assert.ThrowsAsync<ClienteleException>(() => admin.Privacy.ExportAsync(customer.Id))).Code);

        await admin.StepUpAsync(new() { Password = somebody.Password });
        await admin.Privacy.ExportAsync(customer.Id);
        await admin.Customers.GetMeAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(5.1));
        await admin.Customers.GetMeAsync();

        var tokens = wire.To(Me).Select(request => request.Authorization).ToList();
        Assert.NotEqual(somebody.Access, tokens[0]);
        Assert.Equal(somebody.Access, tokens[1]);
        Assert.Empty(wire.To(Refreshing));
    }

    [Fact]
    public async Task A_stepped_up_token_that_the_service_refuses_is_dropped()
    {
        await using var own = await ClienteleApp.StartAsync();
        var wire = new Wiretap();
        var customer = await own.CustomerAsync();
        using var client = own.Client(customer, wire);
        await client.StepUpAsync(new() { Password = customer.Password });
        wire.AnswerInstead(Me, HttpStatusCode.Unauthorized);

        await client.Customers.GetMeAsync();

        Assert.Equal(customer.Access, wire.To(Me).Last().Authorization);
        Assert.Empty(wire.To(Refreshing));
    }
}
