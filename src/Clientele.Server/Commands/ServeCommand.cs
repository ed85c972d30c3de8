using System.CommandLine;
using System.Net.Sockets;
using Clientele.Server.Accounts;
using Clientele.Server.ConsoleHost;
using Clientele.Server.Messages;
using Clientele.Server.Operations;

namespace Clientele.Server.Commands;

/// <summary>Serves the API.</summary>
internal static class ServeCommand
{
    private const string Name = "serve";

    public static Command Create(string[] args)
    {
        var command = new Command(Name, "Creates or upgrades the database and serves the API (the default).") { Cli.DatabaseOption, Cli.UrlsOption };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, [.. args.Where(arg => arg != Name)], cancellationToken));
        return command;
    }

    public static Task<int> RunAsync(ParseResult parsed, string[] args, CancellationToken cancellationToken) => Cli.PreparedAsync(
        parsed,
        args,
        quiet: false,
        async app =>
        {
            KeyRing.WarnIfUnencrypted(app.Services);
            var isChosen = parsed.GetValue(Cli.DatabaseOption) is not null;
            app.Lifetime.ApplicationStarted.Register(() => Announce(app, isChosen, parsed.InvocationConfiguration.Error));
            Settings.WarnOfUnknown(app);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (Exception refused) when (refused
                is IOException or InvalidOperationException or SocketException or CryptographicException or UnauthorizedAccessException)
            {
                // Services that started before the server stop in an orderly way, without messages.
                await app.StopAsync(CancellationToken.None);
                return await Cli.FailAsync(parsed, $"The service cannot listen at {app.Configuration["urls"]}: {Cli.OneLine(refused.Message).TrimEnd('.')}. "
                    + "Choose another address with --urls.");
            }

            await app.WaitForShutdownAsync(CancellationToken.None);
            return 0;
        },
        cancellationToken);

    /// <summary>One plain line for the person who has started the service. Logs go to standard output, so this goes to standard error.</summary>
    private static void Announce(WebApplication app, bool isChosen, TextWriter errors)
    {
        var (url, database) = (app.Urls.First().TrimEnd('/'), app.Services.GetRequiredService<Database>());
        var home = ConsoleModule.IsServed(app.Services) ? $"{ConsoleModule.Path}/" : "/";

        // A connection string has a password.
        var option = !isChosen ? "" : database.IsPostgres ? " --database …" : $" --database {database.File}";
        errors.WriteLine(
            $"Clientele is at {url}{home} and its documentation at {url}/api/docs/. The database is {database.Name}. "
            + (app.Services.GetRequiredService<MessageFolder>().Notice is { } notice ? $"{notice} " : "")
            + $"Create an admin with: clientele createsuperuser{option}");
    }
}
