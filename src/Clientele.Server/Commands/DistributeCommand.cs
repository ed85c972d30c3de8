using System.CommandLine;

namespace Clientele.Server.Commands;

/// <summary>Prints how to spread the database over several machines.</summary>
internal static class DistributeCommand
{
    public static Command Create(string[] args)
    {
        var print = new Option<bool>("--print") { Description = "Prints the statements. Nothing is changed." };
        var command = new Command("distribute", "Prints the statements that spread a PostgreSQL database over a Citus cluster.") { Cli.DatabaseOption, print };
        command.SetAction((parsed, cancellationToken) => !parsed.GetValue(print)
            ? Cli.FailAsync(parsed, "distribute only prints statements and changes nothing. Add --print.")
            : Cli.WithDatabaseAsync(
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
                separator: " ",
                cancellationToken));
        return command;
    }
}
