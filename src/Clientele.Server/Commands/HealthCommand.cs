using System.CommandLine;

namespace Clientele.Server.Commands;

/// <summary>Asks a running service how it is, for containers and units that have no other program to ask with. It needs no database.</summary>
internal static class HealthCommand
{
    private const string Name = "health";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly string[] Everywhere = ["+", "*", "0.0.0.0", "[::]"];

    public static Command Create(string[] args)
    {
        var live = new Option<bool>("--live") { Description = "Only whether the process responds, whatever the state of its database." };
        var command = new Command(Name, "Asks the service on this machine whether it can take requests. Exit code 1 if it cannot.") { live, Cli.UrlsOption };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] settings = [.. args.Where(arg => arg != Name && arg != live.Name)];
            try
            {
                var address = Address(settings, parsed.GetValue(live) ? "/health/live" : "/health/ready");
                return await AskAsync(parsed, address, cancellationToken);
            }
            catch (StartupException refused)
            {
                return await Cli.FailAsync(parsed, Cli.OneLine(refused.Message));
            }
        });
        return command;
    }

    private static async Task<int> AskAsync(ParseResult parsed, Uri address, CancellationToken cancellationToken)
    {
        using var connections = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var http = new HttpClient(connections) { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            var text = Cli.OneLine(await response.Content.ReadAsStringAsync(cancellationToken));
            if (!response.IsSuccessStatusCode)
            {
                return await Cli.FailAsync(parsed, $"{address} answered {(int)response.StatusCode}: {text}");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(text);
            return 0;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return await Cli.FailAsync(parsed, $"{address} did not answer: {Cli.OneLine(failure.GetBaseException().Message)}");
        }
    }

    /// <summary>Where the service listens, by the same settings. An address for all networks is asked on this machine.</summary>
    private static Uri Address(string[] args, string path)
    {
        using var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables("ASPNETCORE_").AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true).AddEnvironmentVariables();
        App.Configure(configuration, args);
        var addresses = configuration["urls"]!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .OrderByDescending(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)).ToList();
        try
        {
            var address = BindingAddress.Parse(addresses.FirstOrDefault() ?? "");
            var host = Everywhere.Contains(address.Host) ? "localhost" : address.Host;
            return new UriBuilder(address.Scheme, host, address.Port, address.PathBase + path).Uri;
        }
        catch (FormatException)
        {
            throw new StartupException($"Urls: must be addresses such as {new ServerSettings().Urls}, not {Errors.Cut(configuration["urls"]!)}.");
        }
    }
}
