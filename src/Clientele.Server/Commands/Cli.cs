using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using Clientele.Server.Events;
using Clientele.Server.Operations;
using Npgsql;

namespace Clientele.Server.Commands;

/// <summary>The command line, and what its commands share.</summary>
internal static partial class Cli
{
    public static readonly Option<string?> DatabaseOption = new("--database")
    {
        Description = "An SQLite file, or a PostgreSQL connection string (Host=… or postgres://…).",
    };

    public static readonly Option<string?> UrlsOption = new("--urls") { Description = "Where to listen. Default: http://localhost:8000." };

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter errors)
    {
        var parsed = Root(args, input).Parse(args);
        if (Complaint(parsed) is { } complaint)
        {
            await errors.WriteLineAsync(complaint);
            return 1;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root(string[] args, TextReader input)
    {
        // The configuration reads settings such as --RateLimits:PerCaller=600.
        var root = new RootCommand("Clientele: customer accounts, profiles, addresses, loyalty and live segments behind one HTTP API.")
        {
            ServeCommand.Create(args), MigrateCommand.Create(args), CreateSuperuserCommand.Create(args, input), DemoteCommand.Create(args),
            ResetFactorsCommand.Create(args), SeedDemoCommand.Create(args), CheckCommand.Create(args), DistributeCommand.Create(args),
            KeysCommand.Create(args), OpenApiCommand.Create(args), AsyncApiCommand.Create(args), HealthCommand.Create(args),
        };
        root.TreatUnmatchedTokensAsErrors = false;
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.Options.Add(DatabaseOption);
        root.Options.Add(UrlsOption);
        root.SetAction((parsed, cancellationToken) => ServeCommand.RunAsync(parsed, args, cancellationToken));
        return root;
    }

    /// <summary>Makes a command that works on the migrated database. The messages that it returns are errors, in one line without another separator.</summary>
    public static Command OnDatabase(
        this Command command,
        string[] args,
        string done,
        Func<ParseResult, IServiceProvider, CancellationToken, Task<IReadOnlyList<string>>> work,
        string separator = " ")
    {
        command.Options.Insert(0, DatabaseOption);
        command.SetAction((parsed, cancellationToken) =>
            WithDatabaseAsync(parsed, args, (services, token) => work(parsed, services, token), done, separator, cancellationToken));
        return command;
    }

    /// <summary>Runs a command on the migrated database. The messages that it returns are errors.</summary>
    public static Task<int> WithDatabaseAsync(
        ParseResult parsed,
        string[] args,
        Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<string>>> work,
        string done,
        string separator,
        CancellationToken cancellationToken)
    {
        // The configuration does not know flags: it would read the next argument, such as --database, as the value of a flag.
        var flags = parsed.CommandResult.Command.Options.OfType<Option<bool>>().Select(flag => flag.Name).ToList();
        return PreparedAsync(
            parsed,
            [.. args.Where(arg => !flags.Contains(arg))],
            quiet: true,
            async app =>
            {
                await using var scope = app.Services.CreateAsyncScope();
                var messages = await work(scope.ServiceProvider, cancellationToken);

                // There may be no running node that gives the events of the command their places.
                await app.Services.GetRequiredService<EventPositions>().DrainAsync(cancellationToken);
                if (messages.Count > 0)
                {
                    return await FailAsync(parsed, string.Join(separator, messages.Select(OneLine)));
                }

                await parsed.InvocationConfiguration.Output.WriteLineAsync(done);
                return 0;
            },
            cancellationToken);
    }

    /// <summary>If the database cannot be used, tells the user so in one line.</summary>
    public static async Task<int> PreparedAsync(
        ParseResult parsed, string[] args, bool quiet, Func<WebApplication, Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = Build(args, quiet);
            if (!quiet)
            {
                Log.Starting(app.Logger, BuildInfo.Version, BuildInfo.Commit);
            }

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

    public static WebApplication Build(string[] args, bool quiet)
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

    public static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    public static async Task<int> FailAsync(ParseResult parsed, string message)
    {
        await parsed.InvocationConfiguration.Error.WriteLineAsync(message);
        return 1;
    }

    /// <summary>One line about arguments that cannot be parsed, instead of the help of the command.</summary>
    private static string? Complaint(ParseResult parsed)
    {
        var reason = parsed.Action is ParseErrorAction ? string.Join(' ', parsed.Errors.Select(error => error.Message))
            : Unknown(parsed.UnmatchedTokens) is { } unknown ? $"Unrecognized command or argument '{unknown}'."
            : null;
        var verbs = parsed.Tokens.Where(token => token.Type == TokenType.Command).Select(token => $"{token.Value} ");
        return reason is null ? null : OneLine($"{reason} See clientele {string.Concat(verbs)}--help.");
    }

    /// <summary>The first argument that is not for the configuration either: it reads <c>--Store:Country=GB</c> and <c>--Store:Country GB</c>.</summary>
    private static string? Unknown(IEnumerable<string> arguments)
    {
        var isValue = false;
        foreach (var argument in arguments)
        {
            var isSetting = argument.StartsWith("--", StringComparison.Ordinal);
            if (!isSetting && !isValue)
            {
                return argument;
            }

            isValue = isSetting && !argument.Contains('=', StringComparison.Ordinal);
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Clientele {Version}, commit {Commit}, starts")]
        public static partial void Starting(ILogger logger, string version, string commit);
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"clientele {BuildInfo.Version}, commit {BuildInfo.Commit}");
            return 0;
        }
    }
}
