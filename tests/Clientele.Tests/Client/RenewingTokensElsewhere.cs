using System.Net;
using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

/// <summary>Programs whose refresh token is kept elsewhere renew their tokens themselves.</summary>
public sealed class RenewingTokensElsewhere
{
    private const string Refreshing = "/api/auth/token/refresh/";
    private const string Me = "/api/customers/customers/me/";

    [Fact]
    public async Task The_program_is_asked_once_for_all_calls_that_wait()
    {
        await using var own = await ClienteleApp.StartAsync();
        var keeper = new Keeper(own, await own.CustomerAsync());
        var wire = new Wiretap();
        using var client = own.Client(wire, keeper.Use);
        await client.UseTokensAsync(keeper.First);
        own.Clock.Advance(TimeSpan.FromMinutes(20));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.Customers.GetMeAsync()));

        Assert.Equal(1, keeper.Renewals);
        Assert.Empty(wire.To(Refreshing));
        Assert.Null(client.Tokens!.Refresh);
    }

    [Fact]
    public async Task A_token_that_the_service_refuses_is_renewed_by_the_program_too()
    {
        await using var own = await ClienteleApp.StartAsync();
        var keeper = new Keeper(own, await own.CustomerAsync());
        using var client = own.Client(new Wiretap().AnswerInstead(Me, HttpStatusCode.Unauthorized), keeper.Use);
        await client.UseTokensAsync(keeper.First);

        await client.Customers.GetMeAsync();

        Assert.Equal(1, keeper.Renewals);
    }

    [Fact]
    public async Task Without_a_next_pair_the_session_has_ended()
    {
        await using var own = await ClienteleApp.StartAsync();
        var keeper = new Keeper(own, await own.CustomerAsync());
        var told = new List<TokenPair?>();
        using var client = own.Client(null, options =>
        {
            options.RenewTokens = (_, _) => Task.FromResult<TokenPair?>(null);
            options.TokensChanged = tokens =>
            {
                told.Add(tokens);
                return Task.CompletedTask;
            };
        });
        await client.UseTokensAsync(keeper.First);
        own.Clock.Advance(TimeSpan.FromMinutes(20));

        var refused = await Assert.ThrowsAsync<ClienteleException>(() => client.Customers.GetMeAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Null(client.Tokens);
        Assert.Equal([keeper.First, null], told);
    }

    [Fact]
    public async Task A_token_that_is_still_good_serves_while_the_program_cannot_renew_it()
    {
        await using var own = await ClienteleApp.StartAsync();
        var keeper = new Keeper(own, await own.CustomerAsync());
        using var client = own.Client(null, options => options.RenewTokens = (_, _) => throw new HttpRequestException("Nobody is there."));
        await client.UseTokensAsync(keeper.First);
        own.Clock.Advance(TimeSpan.FromMinutes(14.5));

        Assert.Equal("Ada", (await client.Customers.GetMeAsync()).Value.FirstName);
    }

    [Fact]
    public async Task A_response_to_a_call_that_the_client_does_not_have_becomes_its_exception()
    {
        await using var own = await ClienteleApp.StartAsync();
        using var http = own.CreateClient();
        using var response = await http.GetAsync(new Uri(Me, UriKind.Relative), TestContext.Current.CancellationToken);

        var failure = await ClienteleException.OfAsync(response, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (failure.Status, failure.Code));
        Assert.NotNull(failure.TraceId);
    }

    /// <summary>Keeps the refresh token of a customer, as a server of the program would.</summary>
    private sealed class Keeper(ClienteleApp app, Actor customer)
    {
        private string _refresh = customer.Refresh;

        public int Renewals { get; private set; }

        public TokenPair First { get; } = new() { Access = customer.Access, ExpiresAt = app.Clock.GetUtcNow().AddMinutes(15) };

        public void Use(ClienteleClientOptions options) => options.RenewTokens = async (_, _) =>
        {
            Renewals++;
            var pair = (await app.Stranger.Post(Refreshing, new { refresh = _refresh })).Expect(200);
            _refresh = (string)pair["refresh"]!;
            return new() { Access = (string)pair["access"]!, ExpiresAt = app.Clock.GetUtcNow().AddMinutes(15) };
        };
    }
}
