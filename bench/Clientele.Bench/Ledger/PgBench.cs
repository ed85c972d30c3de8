using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Clientele.Bench.Ledger;

/// <summary>The floor of a redemption: an UPDATE of the balance with its condition, and an INSERT of the entry, in one transaction.</summary>
internal sealed partial class PgBench : IAsyncDisposable
{
    private const string Tables =
        """
        CREATE TABLE floor_balances (customer_id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
        CREATE TABLE floor_entries (
            customer_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, points bigint NOT NULL, created_at timestamptz NOT NULL,
            PRIMARY KEY (customer_id, id));
        """;

    private readonly NpgsqlConnectionStringBuilder _database;
    private readonly string _script = Path.Combine(Path.GetTempPath(), $"clientele-bench-{Environment.ProcessId}.sql");

    private PgBench(string connectionString) => _database = new(connectionString);

    public static async Task<PgBench> CreateAsync(string connectionString, long points, long first, long last, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var tables = source.CreateCommand(Tables))
        {
            await tables.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var accounts = source.CreateCommand("INSERT INTO floor_balances SELECT id, $3 FROM generate_series($1, $2) AS id");
        accounts.Parameters.Add(new() { Value = first });
        accounts.Parameters.Add(new() { Value = last });
        accounts.Parameters.Add(new() { Value = points });
        await accounts.ExecuteNonQueryAsync(cancellationToken);
        await using var vacuum = source.CreateCommand("VACUUM ANALYZE floor_balances");
        await vacuum.ExecuteNonQueryAsync(cancellationToken);
        return new(connectionString);
    }

    /// <summary>Transactions per second.</summary>
    public async Task<double> RunAsync(long first, long last, int seconds, int connections, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(
            _script,
            string.Create(CultureInfo.InvariantCulture, $"""
                \set id random({first}, {last})
                BEGIN;
                UPDATE floor_balances SET balance = balance - 1 WHERE customer_id = :id AND balance >= 1;
                INSERT INTO floor_entries (customer_id, points, created_at) VALUES (:id, -1, now());
                COMMIT;

                """),
            cancellationToken);
        string[] arguments =
        [
            "--no-vacuum", "--protocol=prepared", $"--client={connections}", $"--jobs={Wrk.Threads}", $"--time={seconds}", $"--file={_script}",
            $"--host={_database.Host}", $"--port={_database.Port}", $"--username={_database.Username}", _database.Database!,
        ];
        var start = new ProcessStartInfo("pgbench", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGPASSWORD"] = _database.Password;
        using var process = Process.Start(start)!;
        await using (cancellationToken.Register(() => process.Kill()))
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return Result().Match(await output) is { Success: true } match
                ? double.Parse(match.Groups["tps"].Value, CultureInfo.InvariantCulture)
                : throw new BenchException($"pgbench ended without a result:\n{await output}{await errors}");
        }
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(_script);
        return ValueTask.CompletedTask;
    }

    [GeneratedRegex("tps = (?<tps>[0-9.]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Result();
}
