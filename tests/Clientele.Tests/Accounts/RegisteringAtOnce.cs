using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>A name has one owner, however many requests claim it at the same instant.</summary>
public sealed class RegisteringAtOnce(OwnApp app) : IClassFixture<OwnApp>
{
    [Fact]
    public async Task One_username_from_many_clients_is_one_customer_and_frees_the_losers_emails()
    {
        var name = NewName();

        var answers = await RegisterAtOnceAsync(i => (name, $"{name}-{i}@example.com"));

        await ExpectOneWinnerAsync(answers, i => (name, $"{name}-{i}@example.com"));
        var loser = Array.FindIndex(answers, answer => (int)answer.Status == 400);
        (await RegisterAsync(NewName(), $"{name}-{loser}@example.com")).Expect(201);
    }

    [Fact]
    public async Task One_email_in_many_spellings_is_one_customer_and_frees_the_losers_usernames()
    {
        var name = NewName();
        string[] spellings =
        [
            $"{name}@example.com", $"{name.ToUpperInvariant()}@EXAMPLE.COM", $"\uFF55\uFF53\uFF45\uFF52{name[4..]}@example.com", $"{name}@Example.Com",
        ];

        var answers = await RegisterAtOnceAsync(i => ($"{name}-{i}", spellings[i % spellings.Length]));

        await ExpectOneWinnerAsync(answers, i => ($"{name}-{i}", spellings[i % spellings.Length]));
        var loser = Array.FindIndex(answers, answer => (int)answer.Status == 400);
        (await RegisterAsync($"{name}-{loser}", $"{NewName()}@example.com")).Expect(201);
    }

    [Fact]
    public async Task A_username_that_is_the_others_email_is_one_name()
    {
        var name = NewName();
        var email = $"{name}@example.com";
        (string, string) Names(int i) => i % 2 == 0 ? ($"{name}-{i}", email) : (email, email.ToUpperInvariant());

        await ExpectOneWinnerAsync(await RegisterAtOnceAsync(Names), Names);
    }

    [Fact]
    public async Task Crossing_pairs_of_names_never_wait_for_each_other()
    {
        // Two usernames and two e-mails in all four pairs: whichever pair wins, the opposite pair is free and wins too.
        var name = NewName();
        (string Username, string Email) Names(int i) =>
            ($"{(i % 2 == 0 ? "a" : "z")}-{name}-{i / 4}", $"{(i / 2 % 2 == 0 ? "b" : "y")}-{name}-{i / 4}@example.com");

        var answers = await RegisterAtOnceAsync(Names);

        foreach (var round in answers.Chunk(4))
        {
            Assert.All(round, answer => Assert.True((int)answer.Status is 201 or 400, answer.Text));
            var won = string.Concat(round.Select(answer => (int)answer.Status == 201 ? '1' : '0'));
            Assert.True(won is "1001" or "0110", won);
        }

        await ExpectNoOrphansAsync();
    }

    private static string NewName() => $"user{Guid.NewGuid():n}"[..16];

    private Task<Answer[]> RegisterAtOnceAsync(Func<int, (string Username, string Email)> names) =>
        Crowd.AtOnceAsync(i => RegisterAsync(names(i).Username, names(i).Email));

    private Task<Answer> RegisterAsync(string username, string email) => app.Stranger.Post("/api/customers/register/", new JsonObject
    {
        ["username"] = username,
        ["email"] = email,
        ["password"] = ClienteleApp.Password,
        ["password2"] = ClienteleApp.Password,
        ["first_name"] = "Ada",
        ["last_name"] = "Lovelace",
    });

    /// <summary>The losers get exactly the response that a much later request gets.</summary>
    private async Task ExpectOneWinnerAsync(Answer[] answers, Func<int, (string Username, string Email)> names)
    {
        Assert.Single(answers, answer => (int)answer.Status == 201);
        for (var i = 0; i < answers.Length; i++)
        {
            if ((int)answers[i].Status == 201)
            {
                continue;
            }

            answers[i].ExpectProblem(400);
            var later = (await RegisterAsync(names(i).Username, names(i).Email)).ExpectProblem(400);
            Assert.Equal(WithoutTrace(later), WithoutTrace(answers[i]));
        }

        await ExpectNoOrphansAsync();
    }

    private async Task ExpectNoOrphansAsync()
    {
        Assert.Equal(
            0, await app.Database.CountAsync("SELECT COUNT(*) FROM login_names n WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = n.customer_id)"));
        Assert.Equal(
            0, await app.Database.CountAsync("SELECT COUNT(*) FROM customers c WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.customer_id = c.id)"));
    }

    private static string WithoutTrace(Answer answer)
    {
        var problem = answer.Json.AsObject();
        problem.Remove("trace_id");
        return problem.ToJsonString();
    }
}
