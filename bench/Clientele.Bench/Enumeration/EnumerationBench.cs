using System.Globalization;
using System.Net;
using Spectre.Console;

namespace Clientele.Bench.Enumeration;

internal sealed record AccountsOptions(int Accounts)
{
    public const int AllAccounts = 200;

    public string Command => string.Create(CultureInfo.InvariantCulture, $"bin/bench enumeration --accounts {Accounts}");

    public bool IsFull => Accounts >= AllAccounts;
}

/// <summary>Compares how long requests about accounts take that exist, and about accounts that do not.</summary>
internal static class EnumerationBench
{
    private const string Reset = "/api/auth/password/reset/";

    /// <summary>Limits that would end the run early.</summary>
    private static readonly string[] Limits = ["CodesPerNetwork", "ResetPerNetwork", "MessagesPerHour", "MessagesPerDay"];

    public static Task<int> RunAsync(AccountsOptions options, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            var directory = Directory.CreateTempSubdirectory("clientele-enumeration-");
            try
            {
                await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
                Comparison[] figures =
                [
                    .. await MeasureAsync(progress, options, "SQLite", Path.Combine(directory.FullName, "accounts.db"), directory, cancellationToken),
                    .. await MeasureAsync(progress, options, "PostgreSQL", database.ConnectionString, directory, cancellationToken),
                ];
                return new EnumerationReport(options, figures, database.Version);
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        },
        cancellationToken);

    private static async Task<IReadOnlyList<Comparison>> MeasureAsync(
        ProgressContext progress, AccountsOptions options, string name, string database, DirectoryInfo directory, CancellationToken cancellationToken)
    {
        var start = Bench.Service(database);
        start.Environment["Messages__Folder"] = Path.Combine(directory.FullName, "messages");
        foreach (var limit in Limits)
        {
            start.Environment[$"RateLimits__{limit}"] = "1000000";
        }

        await using var service = await ServerUnderTest.StartAsync("the service", start, "/health/ready", cancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { BaseAddress = service.Address };
        var pairs = new Pairs(client, options.Accounts);
        var figures = new List<Comparison>();
        await progress.StepAsync($"{name}: register", _ => pairs.RegisterAsync(cancellationToken));
        await StepAsync("sign in with a wrong password", "/api/auth/token/", HttpStatusCode.Unauthorized, account => Bodies.Token(account, "a-wrong-password"));
        await StepAsync("ask for a new password", Reset, HttpStatusCode.Accepted, account => $$"""{"username": "{{account}}"}""");
        await StepAsync(
            "send a wrong code for it",
            $"{Reset}confirm/",
            HttpStatusCode.BadRequest,
            account => $$"""{"username": "{{account}}", "code": "000000", "new_password": "{{Bodies.Password}}", "new_password2": "{{Bodies.Password}}"}""");
        await StepAsync("register", "/api/customers/register/", null, account => Bodies.Register.Replace("%s", account, StringComparison.Ordinal));
        return figures;

        Task StepAsync(string title, string path, HttpStatusCode? expected, Func<string, string> body) => progress.StepAsync(
            $"{name}: {title}", async _ => figures.Add(await pairs.CompareAsync(name, title, path, expected, body, cancellationToken)));
    }
}
