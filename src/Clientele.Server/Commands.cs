using System.CommandLine;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Clientele.Server.Accounts;
using Clientele.Server.Data;
using Clientele.Server.Demo;
using Clientele.Server.Http;
using Clientele.Server.Operations;
using Npgsql;
using Spectre.Console;

namespace Clientele.Server;

/// <summary>The commands of the command line.</summary>
internal static class Commands
{
    private const string PasswordStdin = "--password-stdin";
    private const string Print = "--print";
    private static readonly Option<string?> DatabaseOption = new("--database") { Description = "An SQLite file, or a PostgreSQL connection string (Host=… or postgres://…)." };
    private static readonly Option<string?> UrlsOption = new("--urls") { Description = "Where to listen. Default: http://localhost:8000." };

    public static Task<int> RunAsync(string[] args) => RunAsync(args, Console.In, Console.Out, Console.Error);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        // The configuration reads settings such as --RateLimits:PerCaller=600.
        var root = new RootCommand("Clientele: customer accounts, profiles, addresses, loyalty and live segments behind one HTTP API.")
        {
            Serve(args, "serve"), Migrate(args), CreateSuperuser(args, input), Demote(args), SeedDemo(args), CheckAll(args), Distribute(args), Describe(args),
        };
        root.TreatUnmatchedTokensAsErrors = false;
        root.Options.Add(DatabaseOption);
        root.Options.Add(UrlsOption);
        root.SetAction((parsed, cancellationToken) => ServeAsync(parsed, args, cancellationToken));
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static Command Serve(string[] args, string name)
    {
        var command = new Command(name, "Creates or upgrades the database and serves the API (the default).") { DatabaseOption, UrlsOption };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => ServeAsync(parsed, [.. args.Where(arg => arg != name)], cancellationToken));
        return command;
    }

    private static Command Migrate(string[] args)
    {
        var grantTo = new Option<string?>("--grant-to") { Description = "A PostgreSQL role for the service that owns nothing. It gets the privileges it needs, but cannot change append-only tables." };
        var command = new Command("migrate", "Creates or upgrades the database, and nothing else.") { DatabaseOption, grantTo };
        command.SetAction((parsed, cancellationToken) => WithDatabaseAsync(
            parsed,
            args,
            async (services, token) =>
            {
                var role = parsed.GetValue(grantTo);
                if (services.GetRequiredService<Database>().IsPostgres)
                {
                    await Grants.RenewAsync(services.GetRequiredService<ClienteleDb>(), role, token);
                    return [];
                }

                return role is null ? [] : ["--grant-to is for PostgreSQL: SQLite has no roles."];
            },
            "The database is up to date.",
            cancellationToken));
        return command;
    }

    private static Command CreateSuperuser(string[] args, TextReader input)
    {
        var username = new Option<string?>("--username") { Description = "The username. If left out, the command asks for it." };
        var email = new Option<string?>("--email") { Description = "The e-mail; needed for a new account." };
        var fromStdin = new Option<bool>(PasswordStdin) { Description = "Reads the password from standard input." };
        var command = new Command("createsuperuser", "Creates an admin, or promotes an existing account and sets its password.") { DatabaseOption, username, email, fromStdin };
        command.SetAction((parsed, cancellationToken) => WithDatabaseAsync(
            parsed,
            args,
            async (services, token) =>
            {
                var superusers = services.GetRequiredService<Superusers>();
                var name = parsed.GetValue(username) ?? await AskAsync(new("Username:"), token);
                var address = parsed.GetValue(email);
                if (address is null && await superusers.FindAsync(name, token) is null)
                {
                    address = parsed.GetValue(fromStdin) ? "" : await AskAsync(new("E-mail:"), token);
                }

                var password = parsed.GetValue(fromStdin)
                    ? await input.ReadLineAsync(token) ?? ""
                    : await AskAsync(new TextPrompt<string>("Password:").Secret(), token);
                return await superusers.CreateAsync(name, address, password, token);
            },
            "The admin can sign in now.",
            cancellationToken));
        return command;
    }

    private static Task<string> AskAsync(TextPrompt<string> prompt, CancellationToken cancellationToken) => Console.IsInputRedirected
        ? throw new StartupException("There is no terminal to ask on: pass --username, --email and, with the password on standard input, --password-stdin.")
        : prompt.ShowAsync(AnsiConsole.Console, cancellationToken);

    private static Command Demote(string[] args)
    {
        var username = new Option<string>("--username") { Description = "The admin's username.", Required = true };
        var command = new Command("demote", "Makes an admin a customer again and ends their sessions.") { DatabaseOption, username };
        command.SetAction((parsed, cancellationToken) => WithDatabaseAsync(
            parsed,
            args,
            (services, token) => services.GetRequiredService<Superusers>().DemoteAsync(parsed.GetValue(username)!, token),
            "The account is no longer an admin. Its sessions have ended.",
            cancellationToken));
        return command;
    }

    private static Command SeedDemo(string[] args)
    {
        var customers = new Option<int>("--customers") { Description = "How many customers.", DefaultValueFactory = _ => 1000 };
        var password = new Option<string?>("--password") { Description = "The password of the named demo customers; random if left out." };
        var command = new Command("seed-demo", "Fills a database without customers with demo data, and prints the accounts that can sign in.") { DatabaseOption, customers, password };
        command.SetAction((parsed, cancellationToken) => WithDatabaseAsync(
            parsed,
            args,
            async (services, token) =>
            {
                var count = parsed.GetValue(customers);
                if (count < DemoSeed.FewestCustomers)
                {
                    return [$"--customers must be at least {DemoSeed.FewestCustomers}: the first of them are the named demo customers."];
                }

                var secret = parsed.GetValue(password) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
                var failure = await Demo.Progress.RunAsync(services.GetRequiredService<TimeProvider>(), "Customers", count, progress => services.GetRequiredService<DemoSeed>().RunAsync(count, secret, progress, token));
                if (failure is null)
                {
                    var output = parsed.InvocationConfiguration.Output;
                    foreach (var (username, story) in DemoCast.Members)
                    {
                        await output.WriteLineAsync($"  {username,-8} {story}");
                    }

                    await output.WriteLineAsync($"Their password is {secret}");
                }

                return failure is null ? [] : [failure];
            },
            "Create an admin with: clientele createsuperuser",
            cancellationToken));
        return command;
    }

    private static Command CheckAll(string[] args)
    {
        var command = new Command("check", "Recomputes statistics, tiers, balances, memberships and counters, and verifies the audit trail. Exit code 1 if anything differs or was tampered with.") { DatabaseOption };
        command.SetAction((parsed, cancellationToken) => WithDatabaseAsync(
            parsed,
            args,
            async (services, token) =>
            {
                var check = services.GetRequiredService<Check>();
                var customers = (int)await check.CountAsync(token);
                return await Demo.Progress.RunAsync(services.GetRequiredService<TimeProvider>(), "Customers", customers, progress => check.RunAsync(token, progress));
            },
            "Statistics, tiers, points, memberships and counters match the rows, and the audit trail is intact.",
            cancellationToken));
        return command;
    }

    private static Command Distribute(string[] args)
    {
        var print = new Option<bool>(Print) { Description = "Prints the statements. Nothing is changed." };
        var command = new Command("distribute", "Prints the statements that spread a PostgreSQL database over a Citus cluster.") { DatabaseOption, print };
        command.SetAction((parsed, cancellationToken) => !parsed.GetValue(print)
            ? FailAsync(parsed, "distribute only prints statements and changes nothing. Add --print.")
            : WithDatabaseAsync(
                parsed,
                args,
                async (services, token) =>
                {
                    if (services.GetRequiredService<Database>().Source is not { } source)
                    {
                        return ["distribute needs PostgreSQL: an SQLite file stays on one machine."];
                    }

                    await using var names = source.CreateCommand("SELECT current_database(), current_user");
                    await using var reader = await names.ExecuteReaderAsync(token);
                    await reader.ReadAsync(token);
                    var statements = Distribution.Statements(services.GetRequiredService<ClienteleDb>().Model, reader.GetString(0), reader.GetString(1));
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Join(Environment.NewLine, statements));
                    return [];
                },
                "-- Run this once, on the coordinator, while the service is stopped: docs/guides/distributed.md.",
                cancellationToken));
        return command;
    }

    private static Command Describe(string[] args)
    {
        var command = new Command("openapi", "Prints the description of the API (OpenAPI 3.1).");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using var app = Build([.. args.Where(arg => arg != "openapi")], quiet: true);
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            Console.Write(await OpenApi.TextAsync(app.Services, cancellationToken));
            return 0;
        });
        return command;
    }

    private static Task<int> ServeAsync(ParseResult parsed, string[] args, CancellationToken cancellationToken) => PreparedAsync(
        parsed,
        args,
        quiet: false,
        async app =>
        {
            DatabaseKeyRing.WarnIfUnencrypted(app.Services);
            app.Lifetime.ApplicationStarted.Register(() => Announce(app, parsed.InvocationConfiguration.Error));
            Settings.WarnOfUnknown(app);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (Exception refused) when (refused is IOException or InvalidOperationException or SocketException or CryptographicException or UnauthorizedAccessException)
            {
                // Services that started before the server stop in an orderly way, without messages.
                await app.StopAsync(CancellationToken.None);
                return await FailAsync(parsed, $"The service cannot listen at {app.Configuration["urls"]}: {OneLine(refused.Message)}");
            }

            await app.WaitForShutdownAsync(CancellationToken.None);
            return 0;
        },
        cancellationToken);

    /// <summary>Runs a command on the migrated database. The messages that it returns are errors.</summary>
    private static Task<int> WithDatabaseAsync(
        ParseResult parsed, string[] args, Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<string>>> work, string done, CancellationToken cancellationToken) => PreparedAsync(
        parsed,
        // The configuration does not know flags: it would read the next argument, such as --database, as the value of a flag.
        [.. args.Where(arg => arg is not (PasswordStdin or Print))],
        quiet: true,
        async app =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            var messages = await work(scope.ServiceProvider, cancellationToken);
            if (messages.Count > 0)
            {
                return await FailAsync(parsed, string.Join(Environment.NewLine, messages));
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(done);
            return 0;
        },
        cancellationToken);

    /// <summary>If the database cannot be used, tells the user so in one line.</summary>
    private static async Task<int> PreparedAsync(ParseResult parsed, string[] args, bool quiet, Func<WebApplication, Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = Build(args, quiet);
            await Preparation.RunAsync(app, serves: !quiet, cancellationToken);
            return await work(app);
        }
        catch (StartupException refused)
        {
            // The service prints more lines than a command, so that its settings can be corrected.
            return await FailAsync(parsed, string.Join(Environment.NewLine, refused.Reasons.Take(quiet ? 1 : 3).Select(OneLine)));
        }
        catch (ProblemException refused)
        {
            return await FailAsync(parsed, OneLine(refused.Problem.Detail));
        }
        catch (Exception failure) when (Database.IsTransient(failure)
            || failure is NpgsqlException or Microsoft.Data.Sqlite.SqliteException or IOException or UnauthorizedAccessException or SocketException)
        {
            return await FailAsync(
                parsed, $"The database cannot be used: {OneLine(failure.GetBaseException().Message).TrimEnd('.')}. Choose another with --database.");
        }
    }

    private static WebApplication Build(string[] args, bool quiet)
    {
        try
        {
            return App.Build(args, quiet);
        }
        catch (Exception unfit) when (unfit is InvalidOperationException or FormatException or ArgumentException or InvalidDataException)
        {
            throw new StartupException($"The settings cannot be used: {unfit.GetBaseException().Message}");
        }
    }

    private static string OneLine(string message) => string.Join(' ', message.Split((char[]?)['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static async Task<int> FailAsync(ParseResult parsed, string message)
    {
        await parsed.InvocationConfiguration.Error.WriteLineAsync(message);
        return 1;
    }

    /// <summary>One plain line for the person who has started the service. Logs go to standard output, so this goes to standard error.</summary>
    private static void Announce(WebApplication app, TextWriter errors)
    {
        var (url, database) = (app.Urls.First().TrimEnd('/'), app.Services.GetRequiredService<Database>());
        errors.WriteLine(
            $"Clientele is at {url}/ and its documentation at {url}/api/docs/. The database is {(database.IsPostgres ? "on PostgreSQL" : database.File)}. "
            + "Create an admin with: clientele createsuperuser");
    }
}
