using System.Net;
using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

public sealed class RetryingCalls(ClienteleApp app)
{
    private const string Addresses = "/api/customers/addresses/";
    private const string Me = "/api/customers/customers/me/";

    private static readonly AddressRequest Home = new()
    {
        AddressType = "shipping",
        FirstName = "Ada",
        LastName = "Lovelace",
        AddressLine1 = "12 St James's Square",
        City = "London",
        PostalCode = "SW1Y 4JH",
        Country = "GBR",
    };

    [Fact]
    public async Task A_creation_whose_answer_is_lost_has_its_effect_once()
    {
        var ada = await app.CustomerAsync();
        var wire = new Wiretap().LoseAnswerOf(Addresses);
        using var client = app.Client(ada, wire);

        var (created, _) = await client.Addresses.CreateAsync(Home);

        Assert.Equal(2, wire.To(Addresses).Count());
        Assert.NotNull(wire.Sent[0].Key);
        Assert.Equal(wire.Sent[0].Key, wire.Sent[1].Key);
        var all = (await ada.Get(Addresses)).Expect(200);
        Assert.Equal([created.Id], all["results"].AsArray().Select(address => (long)address!["id"]!));
    }

    [Fact]
    public async Task A_registration_whose_answer_is_lost_makes_one_account()
    {
        var wire = new Wiretap().LoseAnswerOf("/api/customers/register/");
        using var client = app.Client(wire);
        var username = $"lost-{Guid.NewGuid():N}";

        var (registered, _) = await client.Accounts.RegisterAsync(new RegisterRequest
        {
            Username = username,
            Email = $"{username}@example.com",
            Password = ClienteleApp.Password,
            FirstName = "Ada",
            LastName = "Lovelace",
        });

        Assert.Equal((username, 2), (registered.Username, wire.Sent.Count));
    }

    [Fact]
    public async Task Two_creations_have_two_keys()
    {
        var wire = new Wiretap();
        using var client = app.Client(await app.CustomerAsync(), wire);

        await client.Addresses.CreateAsync(Home);
        await client.Addresses.CreateAsync(Home);

        Assert.NotEqual(wire.Sent[0].Key, wire.Sent[1].Key);
        Assert.Equal(2, (await client.Addresses.ListAsync()).Count);
    }

    [Fact]
    public async Task A_key_of_ones_own_makes_a_creation_repeatable_by_hand()
    {
        using var client = app.Client(await app.CustomerAsync());
        var key = Guid.NewGuid().ToString();

        var (first, _) = await client.Addresses.CreateAsync(Home, key);
        var (second, _) = await client.Addresses.CreateAsync(Home, key);

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    public async Task A_service_that_is_busy_is_asked_again(HttpStatusCode busy)
    {
        var wire = new Wiretap().AnswerInstead(Me, busy, TimeSpan.Zero).AnswerInstead(Me, busy);
        using var client = app.Client(await app.CustomerAsync(), wire);

        Assert.Equal("Ada", (await client.Customers.GetMeAsync()).Value.FirstName);
        Assert.Equal(3, wire.Sent.Count);
    }

    [Fact]
    public async Task A_long_wait_is_left_to_the_caller()
    {
        var wire = new Wiretap().AnswerInstead(Me, HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(5));
        using var client = app.Client(await app.CustomerAsync(), wire);

        var refused = await Assert.ThrowsAsync<ClienteleException>(() => client.Customers.GetMeAsync());

        Assert.Equal(TimeSpan.FromMinutes(5), refused.RetryAfter);
        Assert.Single(wire.Sent);
    }

    [Fact]
    public async Task After_the_last_try_the_failure_is_told()
    {
        var wire = new Wiretap();
        for (var i = 0; i < 4; i++)
        {
            wire.AnswerInstead(Me, HttpStatusCode.BadGateway);
        }

        using var client = app.Client(await app.CustomerAsync(), wire, options => options.MaxRetries = 3);

        var refused = await Assert.ThrowsAsync<ClienteleException>(() => client.Customers.GetMeAsync());

        Assert.Equal((HttpStatusCode.BadGateway, "unknown", null), (refused.Status, refused.Code, refused.TraceId));
        Assert.Equal(4, wire.Sent.Count);
    }

    [Fact]
    public async Task The_delays_grow_up_to_the_longest_and_go_on()
    {
        var wire = new Wiretap();
        for (var i = 0; i < 9; i++)
        {
            wire.AnswerInstead(Me, HttpStatusCode.ServiceUnavailable);
        }

        using var client = app.Client(await app.CustomerAsync(), wire, options => options.LongestRetryDelay = TimeSpan.FromMilliseconds(4));

        Assert.Equal("Ada", (await client.Customers.GetMeAsync()).Value.FirstName);
        Assert.Equal(10, wire.Sent.Count);
    }

    [Fact]
    public async Task A_creation_that_gets_no_answer_in_time_has_its_effect_once()
    {
        var ada = await app.CustomerAsync();
        var wire = new Wiretap().LoseAnswerOf(Addresses, new TaskCanceledException("The timeout is over.", new TimeoutException()));
        using var client = app.Client(ada, wire);

        var (created, _) = await client.Addresses.CreateAsync(Home);

        Assert.Equal(2, wire.To(Addresses).Count());
        Assert.Equal([created.Id], (await ada.Get(Addresses))["results"].AsArray().Select(address => (long)address!["id"]!));
    }

    [Fact]
    public async Task What_must_not_be_repeated_fails_when_no_answer_comes_in_time()
    {
        var john = await app.CustomerAsync();
        var wire = new Wiretap().LoseAnswerOf("/api/auth/token/", new TaskCanceledException("The timeout is over.", new TimeoutException()));
        using var client = app.Client(wire);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SignInAsync(john.Username, john.Password));

        Assert.Single(wire.Sent);
    }

    [Fact]
    public async Task A_call_that_the_caller_gives_up_is_given_up()
    {
        using var client = app.Client(await app.CustomerAsync());
        using var impatient = new CancellationTokenSource();
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Customers.GetMeAsync(impatient.Token));
    }

    [Fact]
    public async Task A_change_that_could_not_be_sent_is_sent_again()
    {
        var wire = new Wiretap();
        using var client = app.Client(await app.CustomerAsync(), wire);
        var (_, etag) = await client.Customers.GetMeAsync();
        wire.Refuse("/api/customers/customers/update_profile/").Refuse("/api/customers/customers/update_profile/");

        var (changed, _) = await client.Customers.UpdateMeAsync(new CustomerPatch { FirstName = "Augusta" }, ifMatch: etag);

        Assert.Equal("Augusta", changed.FirstName);
    }

    [Fact]
    public async Task A_restart_of_the_service_is_survived()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var first = await ServerProcess.ServeAsync(database.ConnectionString);
        using var client = new ClienteleClient(first.Address);
        await client.Health.GetReadinessAsync();
        await first.KillAsync();

        var asked = client.Health.GetReadinessAsync();
        await using var second = await ServerProcess.ServeAsync(database.ConnectionString, "--urls", first.Address.AbsoluteUri.TrimEnd('/'));

        Assert.Equal("ready", (await asked).Status);
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again()
    {
        var wire = new Wiretap();
        using var client = app.Client(await app.CustomerAsync(), wire);

        await Assert.ThrowsAsync<ClienteleException>(() => client.Customers.ListAsync());

        Assert.Single(wire.Sent);
    }

    [Fact]
    public async Task A_conditional_change_is_not_sent_again_after_a_lost_answer()
    {
        var wire = new Wiretap().LoseAnswerOf("/api/customers/customers/update_profile/");
        using var client = app.Client(await app.CustomerAsync(), wire);
        var (_, etag) = await client.Customers.GetMeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Customers.UpdateMeAsync(new CustomerPatch { FirstName = "Augusta" }, ifMatch: etag));

        Assert.Equal("Augusta", (await client.Customers.GetMeAsync()).Value.FirstName);
    }

    [Fact]
    public async Task A_deletion_whose_answer_is_lost_is_done()
    {
        var wire = new Wiretap();
        using var client = app.Client(await app.CustomerAsync(), wire);
        var (address, _) = await client.Addresses.CreateAsync(Home);
        wire.LoseAnswerOf(Addresses);

        await client.Addresses.DeleteAsync(address.Id);

        Assert.Equal("not_found", (await Assert.ThrowsAsync<ClienteleException>(() => client.Addresses.DeleteAsync(address.Id))).Code);
    }
}
