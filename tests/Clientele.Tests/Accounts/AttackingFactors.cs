using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Somebody who knows the password still needs the second factor, and each code and challenge counts once.</summary>
public sealed class AttackingFactors
{
    private static readonly Dictionary<string, string?> BelievesThisMachine = new() { ["Proxies:0"] = "127.0.0.1", ["Proxies:1"] = "::1" };

    [Fact]
    public async Task A_code_that_was_used_is_worth_nothing()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, own.Clock);
        var code = app.NextCode();
        (await Answer(own, await SignIn(own, customer), code)).Expect(200);

        (await Answer(own, await SignIn(own, customer), code)).ExpectProblem(401);
        (await Answer(own, await SignIn(own, customer), app.Code(later: -1))).ExpectProblem(401);
        (await Answer(own, await SignIn(own, customer), app.Code(later: 1))).Expect(200);
    }

    [Fact]
    public async Task The_code_that_turned_the_app_on_is_used()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, own.Clock);

        (await Answer(own, await SignIn(own, customer), app.Code())).ExpectProblem(401);
    }

    [Fact]
    public async Task A_code_of_a_minute_ago_or_ahead_is_refused()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, own.Clock);
        own.Clock.Advance(TimeSpan.FromMinutes(10));

        (await Answer(own, await SignIn(own, customer), app.Code(later: -2))).ExpectProblem(401);
        (await Answer(own, await SignIn(own, customer), app.Code(later: 2))).ExpectProblem(401);
        (await Answer(own, await SignIn(own, customer), app.Code(later: -1))).Expect(200);
    }

    [Fact]
    public async Task Codes_of_another_account_are_refused()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, attacker) = (await own.CustomerAsync(), await own.CustomerAsync());
        await Authenticator.OfAsync(customer, own.Clock);
        var (app, codes) = await Authenticator.OfAsync(attacker, own.Clock);
        var asked = await SignIn(own, customer);

        (await Answer(own, asked, app.NextCode())).ExpectProblem(401);
        (await Answer(own, asked, codes[0])).ExpectProblem(401);
    }

    [Fact]
    public async Task A_challenge_does_not_fit_another_account()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, attacker) = (await own.CustomerAsync(), await own.CustomerAsync());
        await Authenticator.OfAsync(customer, own.Clock);
        var (app, _) = await Authenticator.OfAsync(attacker, own.Clock);
        var secret = ((string)(await SignIn(own, customer))["challenge"]!).Split('.')[1];

        (await own.Stranger.Post("/api/auth/token/factor/", new { challenge = $"{attacker.Id}.{secret}", code = app.NextCode() })).ExpectProblem(401);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("garbage.garbage")]
    [InlineData("999999999.6yqk2cVbQbK1uV9mXoYp5w2gq7mM0l3JtF4nQ8sWcA0")]
    public async Task An_invented_challenge_is_refused(string challenge)
    {
        await using var own = await ClienteleApp.StartAsync();

        var answer = await own.Stranger.Post("/api/auth/token/factor/", new { challenge, code = "123456" });

        answer.ExpectProblem(challenge.Length == 0 ? 400 : 401);
    }

    [Fact]
    public async Task A_challenge_is_worth_nothing_on_another_network()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = BelievesThisMachine });
        var customer = await own.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, own.Clock);
        var asked = (await SignIn(own, customer, From("203.0.113.1"))).ExpectProblem(401);
        var code = app.NextCode();

        (await Answer(own, asked, code, From("203.0.113.2"))).ExpectProblem(401);
        (await Answer(own, asked, code, From("203.0.113.1"))).Expect(200);
    }

    [Fact]
    public async Task A_challenge_brings_one_pair_of_tokens()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (_, codes) = await Authenticator.OfAsync(customer, own.Clock);
        var asked = await SignIn(own, customer);

        var answers = await Task.WhenAll(codes.Take(4).Select(code => Answer(own, asked, code)));

        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.Equal(9, (int)(await customer.Get("/api/auth/factors/")).Expect(200)["recovery_codes_left"]!);
    }

    [Fact]
    public async Task A_wrong_code_does_not_use_the_challenge_up()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, own.Clock);
        var asked = await SignIn(own, customer);
        (await Answer(own, asked, app.WrongCode())).ExpectProblem(401);

        (await Answer(own, asked, app.NextCode())).Expect(200);
    }

    [Fact]
    public async Task After_five_minutes_a_challenge_has_expired()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var customer = await own.CustomerAsync();
        var (app, codes) = await Authenticator.OfAsync(customer, own.Clock);
        var (late, early) = (await SignIn(own, customer), await SignIn(own, customer));
        own.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        (await Answer(own, early, codes[0])).Expect(200);
        own.Clock.Advance(TimeSpan.FromSeconds(1));

        (await Answer(own, late, app.Code())).ExpectProblem(401);
    }

    [Fact]
    public async Task A_change_of_the_password_ends_challenges()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, own.Clock);
        var asked = await SignIn(own, customer);
        await ChangePasswordAsync(customer);

        (await Answer(own, asked, app.NextCode())).ExpectProblem(401);
    }

    [Fact]
    public async Task Of_many_guesses_at_once_on_two_nodes_five_get_through()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, one.Clock);
        var asked = await SignIn(one, customer);

        var answers = await Crowd.AtOnceAsync(i => Answer(i % 2 == 0 ? one : two, asked, app.WrongCode()));

        Assert.Equal(5, answers.Count(answer => (int)answer.Status == 401));
        Assert.All(answers.Where(answer => (int)answer.Status != 401), answer => answer.ExpectProblem(429));
        (await Answer(one, asked, app.NextCode())).ExpectProblem(429);
    }

    [Fact]
    public async Task The_right_password_in_between_gives_no_more_guesses()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, own.Clock);
        for (var guess = 0; guess < 5; guess++)
        {
            (await Answer(own, (await SignIn(own, customer)).ExpectProblem(401), app.WrongCode())).ExpectProblem(401);
        }

        (await SignIn(own, customer)).ExpectProblem(429);
    }

    [Fact]
    public async Task Two_simultaneous_uses_of_one_recovery_code_have_one_winner()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();
        var (_, codes) = await Authenticator.OfAsync(customer, one.Clock);
        foreach (var code in codes.Take(5))
        {
            var (first, second) = (await SignIn(one, customer), await SignIn(two, customer));

            var answers = await Task.WhenAll(Answer(one, first, code), Answer(two, second, code));

            Assert.Single(answers, answer => (int)answer.Status == 200);
            Assert.Single(answers, answer => (int)answer.Status == 401);
        }

        Assert.Equal(5, (int)(await customer.Get("/api/auth/factors/")).Expect(200)["recovery_codes_left"]!);
    }

    [Fact]
    public async Task Two_simultaneous_uses_of_one_code_of_the_app_have_one_winner()
    {
        await using var one = await ClienteleApp.StartAsync();
        await using var two = await one.SecondNodeAsync();
        var customer = await one.CustomerAsync();
        var (app, _) = await Authenticator.OfAsync(customer, one.Clock);
        var (first, second) = (await SignIn(one, customer), await SignIn(two, customer));
        var code = app.NextCode();

        var answers = await Task.WhenAll(Answer(one, first, code), Answer(two, second, code));

        Assert.Single(answers, answer => (int)answer.Status == 200);
    }

    [Fact]
    public async Task Expired_challenges_are_deleted()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await Authenticator.OfAsync(customer, own.Clock);
        await SignIn(own, customer);
        own.Clock.Advance(TimeSpan.FromMinutes(6));

        await own.MaintainAsync();

        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM sign_in_challenges"));
    }

    internal static async Task ChangePasswordAsync(Actor customer) => (await customer.Post(
        "/api/customers/customers/change_password/",
        new { old_password = customer.Password, new_password = "another-horse-battery", new_password2 = "another-horse-battery" })).Expect(200);

    private static (string, string) From(string network) => ("X-Forwarded-For", network);

    private static Task<Answer> SignIn(ClienteleApp app, Actor customer, params (string, string)[] headers) =>
        UsingAnAuthenticator.SignInAsync(app, customer, headers);

    private static Task<Answer> Answer(ClienteleApp app, Answer asked, string code, params (string, string)[] headers) =>
        UsingAnAuthenticator.AnswerAsync(app, asked, code, headers);
}
