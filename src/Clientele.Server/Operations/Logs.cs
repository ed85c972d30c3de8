namespace Clientele.Server.Operations;

/// <summary>What the service logs, and in which form.</summary>
internal static class Logs
{
    public static void AddLogs(this ILoggingBuilder logging, bool quiet)
    {
        logging.ClearProviders();
        if (Console.IsOutputRedirected)
        {
            // The encoder escapes control and bidirectional characters: an event is always one line, whatever it contains.
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                console.JsonWriterOptions = new JsonWriterOptions { Indented = false };
            });
        }
        else
        {
            logging.AddSimpleConsole(console => console.SingleLine = true);
        }

        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", quiet ? LogLevel.Warning : LogLevel.Information);

        // A command says itself what it has changed, and why the keys cannot be read.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", quiet ? LogLevel.None : LogLevel.Error);
        logging.AddFilter("Clientele.Server.Accounts.ServerKeys", quiet ? LogLevel.Warning : LogLevel.Information);

        // The command line reports why the service cannot start. A failure of checking a token is logged where the request gets its response.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.Critical);

        // A failed command is logged where the request gets its response, once and without its SQL.
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
    }
}
