using System.CommandLine;
using Clientele.Server.Commands;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>A database that a newer release has upgraded.</summary>
public sealed class MeetingANewerSchema
{
    private const string Later = "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '10.0.0')";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_verb_refuses_it_in_one_line_that_says_what_to_do()
    {
        await using var own = await ClienteleApp.StartAsync();
        await own.Database.ExecuteAsync(Later);
        var verbs = OnDatabase(Cli.Root([], TextReader.Null), []).ToList();
        Assert.Superset(
            new HashSet<string> { "", "serve", "migrate", "check", "distribute --print", "keys list", "keys encrypt-ring" },
            verbs.Select(verb => string.Join(' ', verb)).ToHashSet());

        foreach (var verb in verbs)
        {
            using var input = new StringReader("a-password-of-an-operator\n");
            await using var output = new StringWriter();
            await using var errors = new StringWriter();

            string[] arguments = [.. verb, "--database", own.Database.ConnectionString];
            var exitCode = await Cli.RunAsync(arguments, input, output, errors).WaitAsync(Patience, TestContext.Current.CancellationToken);

            Assert.True(exitCode == 1, $"{string.Join(' ', verb)} ended with {exitCode}: {output}");
            var line = Assert.Single($"{errors}".Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("29990101000000_Later", line, StringComparison.Ordinal);
            Assert.Contains("Database:AllowNewerSchema", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_running_node_goes_on_serving_it()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        await own.Database.ExecuteAsync(Later);

        (await customer.Post(Lists.Addresses, Given.Address())).Expect(201);
        (await own.Stranger.Get("/health/ready")).Expect(200);
    }

    [Fact]
    public async Task A_node_that_is_allowed_to_serves_it()
    {
        await using var own = await ClienteleApp.StartAsync();
        await own.Database.ExecuteAsync(Later);

        await using var allowed = await ClienteleApp.StartAsync(new() { Database = own.Database, Settings = new() { ["Database:AllowNewerSchema"] = "true" } });

        await allowed.CustomerAsync();
    }
    /// <summary>Every command that opens a database, with the arguments that it requires, and with all its flags.</summary>
    private static IEnumerable<string[]> OnDatabase(Command command, string[] verb)
    {
        if (command.Options.Contains(Cli.DatabaseOption))
        {
            yield return
            [
                .. verb,
                .. command.Options.Where(option => option.Required).SelectMany(option => new[] { option.Name, "x" }),
                .. command.Options.OfType<Option<bool>>().Select(flag => flag.Name),
                .. command.Arguments.Select(_ => "x"),
            ];
        }

        foreach (var one in command.Subcommands.SelectMany(part => OnDatabase(part, [.. verb, part.Name])))
        {
            yield return one;
        }
    }
}
