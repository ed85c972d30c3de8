using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>The owner gets one mail about a sign-in from a network and with a client that were not seen in 90 days.</summary>
public sealed class NoticingSignIns
{
    private const string Home = "198.51.100.1";
    private const string Abroad = "203.0.113.9";

    [Fact]
    public async Task The_first_sign_in_of_all_sends_nothing()
    {
        await using var own = await StartAsync();

        var customer = await own.CustomerAsync();

        Assert.Empty(await NoticesAsync(own, customer));
    }

    [Fact]
    public async Task A_new_client_on_a_new_network_sends_one_mail_that_names_both()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();

        await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux, Abroad);
        await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux, Abroad);

        var mail = Assert.Single(await NoticesAsync(own, customer));
        Assert.Contains("Device: Firefox on Linux\nNetwork: 203.0.113.0/24\n", mail.Text, StringComparison.Ordinal);
        Assert.Matches(@"Time: \d{4}-\d\d-\d\d \d\d:\d\d \(UTC\)", mail.Text);
    }

    [Fact]
    public async Task A_known_client_on_a_new_network_sends_nothing()
    {
        await using var own = await StartAsync();
        var customer = await HomeAsync(own);

        await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux, Abroad);

        Assert.Single(await NoticesAsync(own, customer));
    }

    [Fact]
    public async Task A_new_client_on_a_known_network_sends_nothing()
    {
        await using var own = await StartAsync();
        var customer = await HomeAsync(own);

        await own.SignInWithAsync(customer, SignIns.SafariOnIPhone, Home);

        Assert.Single(await NoticesAsync(own, customer));
    }

    [Fact]
    public async Task What_was_not_seen_for_ninety_days_is_new_again()
    {
        await using var own = await StartAsync();
        var customer = await HomeAsync(own);

        own.Clock.Advance(TimeSpan.FromDays(89));
        await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux, Home);
        Assert.Single(await NoticesAsync(own, customer));
        own.Clock.Advance(TimeSpan.FromDays(91));
        await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux, Home);

        Assert.Equal(2, (await NoticesAsync(own, customer)).Count);
    }

    [Fact]
    public async Task What_maintenance_has_forgotten_is_new_again()
    {
        await using var own = await StartAsync();
        var customer = await HomeAsync(own);

        own.Clock.Advance(TimeSpan.FromDays(91));
        await own.MaintainAsync();
        Assert.Equal(0, await own.Database.CountAsync($"SELECT COUNT(*) FROM known_clients WHERE customer_id = {customer.Id}"));
        await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux, Home);

        Assert.Equal(2, (await NoticesAsync(own, customer)).Count);
    }

    [Fact]
    public async Task A_wrong_password_sends_nothing()
    {
        await using var own = await StartAsync();
        var customer = await HomeAsync(own);

        (await own.Stranger.Post(
            "/api/auth/token/",
            new { username = customer.Username, password = "guess" },
            ("User-Agent", SignIns.SafariOnIPhone),
            ("X-Forwarded-For", Abroad))).ExpectProblem(401);

        Assert.Single(await NoticesAsync(own, customer));
    }

    [Fact]
    public async Task Who_signs_in_from_ever_new_places_fills_no_mailbox()
    {
        await using var own = await StartAsync(("RateLimits:MessagesPerDay", "2"));
        var customer = await own.CustomerAsync();
        foreach (var i in Enumerable.Range(1, 4))
        {
            await own.SignInWithAsync(customer, $"App{i}/1.0", $"203.0.{i}.9");
        }

        Assert.Equal(2, (await NoticesAsync(own, customer)).Count);
        own.Clock.Advance(TimeSpan.FromDays(1));
        await own.SignInWithAsync(customer, "App5/1.0", "203.0.5.9");
        Assert.Equal(3, (await NoticesAsync(own, customer)).Count);
    }

    [Fact]
    public async Task Many_sign_ins_of_one_stranger_at_once_on_two_nodes_send_one_mail()
    {
        await using var one = await StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await HomeAsync(one);

        await Crowd.AtOnceAsync(5, i => (i % 2 == 0 ? one : two).SignInWithAsync(customer, SignIns.SafariOnIPhone, Abroad));

        Assert.Equal(2, (await NoticesAsync(one, customer)).Count);
    }

    [Fact]
    public async Task A_sign_in_from_a_known_place_writes_nothing_about_the_place()
    {
        await using var own = await StartAsync();
        var customer = await HomeAsync(own);
        var trace = StatementLog.NewTrace();

        (await own.Stranger.Post(
            "/api/auth/token/",
            new { username = customer.Username, password = customer.Password },
            ("User-Agent", SignIns.FirefoxOnLinux),
            ("X-Forwarded-For", Home),
            trace)).Expect(200);

        Assert.DoesNotContain(StatementLog.Of(trace), statement => statement.Contains("INTO known_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_many_clients_are_remembered_as_people_have()
    {
        await using var own = await StartAsync();
        var customer = await own.CustomerAsync();
        for (var i = 0; i < 55; i++)
        {
            own.Clock.Advance(TimeSpan.FromSeconds(1));
            await own.SignInWithAsync(customer, $"App{i}/1.0", Home);
        }

        Assert.Equal(50, await own.Database.CountAsync($"SELECT COUNT(*) FROM known_clients WHERE customer_id = {customer.Id}"));
    }

    private static Task<ClienteleApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = SignIns.BelievesThisMachine;
        Array.ForEach(settings, setting => all[setting.Name] = setting.Value);
        return ClienteleApp.StartAsync(new() { Settings = all });
    }

    /// <summary>A customer who has signed in with Firefox at home. That was a new place after the first sign-in of the test, so there is one mail.</summary>
    private static async Task<Actor> HomeAsync(ClienteleApp own)
    {
        var customer = await own.CustomerAsync();
        await own.SignInWithAsync(customer, SignIns.FirefoxOnLinux, Home);
        Assert.Single(await NoticesAsync(own, customer));
        return customer;
    }

    /// <summary>The mails about sign-ins.</summary>
    private static async Task<IReadOnlyList<ReceivedMessage>> NoticesAsync(ClienteleApp own, Actor customer) =>
        [.. (await own.MailedAsync(customer.Email)).Where(mail => mail.Subject == "New sign-in to your account")];
}
