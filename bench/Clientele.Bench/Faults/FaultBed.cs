using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace Clientele.Bench.Faults;

/// <summary>A database of the service with its nodes, customers to write about, and the key of the system that writes.</summary>
internal sealed class FaultBed : IAsyncDisposable
{
    /// <summary>What the key may do. The last one is younger than the oldest release that can be upgraded.</summary>
    private static readonly string[] Scopes = ["orders:write", "points:write", "webhooks:write"];

    private FaultBed(string database, Nodes nodes) => (Database, Nodes) = (database, nodes);

    public string Database { get; }

    public Nodes Nodes { get; }

    public string Key { get; private set; } = "";

    public IReadOnlyList<long> Customers { get; private set; } = [];

    /// <param name="former">An older program to begin with; null for this one.</param>
    public static async Task<FaultBed> CreateAsync(
        string superuser, int nodes, int customers, CancellationToken cancellationToken, string? former = null)
    {
        await using (var connection = await Connections.OpenAsync(superuser, cancellationToken))
        {
            foreach (var statement in (string[])["CREATE ROLE faults LOGIN", "CREATE DATABASE faults OWNER faults"])
            {
#pragma warning disable CA2100 // Two constants.
                await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        var database = new NpgsqlConnectionStringBuilder(superuser) { Database = "faults", Username = "faults", Pooling = true }.ConnectionString;
        var bed = new FaultBed(database, await Nodes.StartAsync(database, nodes, former ?? Nodes.ThisRelease, cancellationToken));
        bed.Key = await KeyAsync(bed, former is null ? Scopes : Scopes[..2], cancellationToken);
        using var client = new HttpClient { BaseAddress = bed.Nodes.Address };
        var ids = new List<long>();
        for (var i = 0; i < customers; i++)
        {
            ids.Add(await RegisterAsync(client, Registration(i), cancellationToken));
        }

        bed.Customers = ids;
        return bed;
    }

    /// <summary>Lets the events from now on be sent to a receiver.</summary>
    public async Task SendEventsToAsync(Uri receiver, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Nodes.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        using var answer = await client.PostAsJsonAsync("/api/webhooks/", new { url = receiver, types = Array.Empty<string>() }, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new BenchException($"The webhook was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }

    /// <summary>The ids of the events after a position in the feed.</summary>
    public async Task<(HashSet<string> Ids, long Last)> EventsAsync(long after, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand(
            """
            SELECT position, concat_ws('-', customer_id, NULLIF(group_id, 0), number) FROM events
            WHERE position > $1 OR position IS NULL ORDER BY position
            """);
        command.Parameters.Add(new() { Value = after });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new HashSet<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            after = reader.IsDBNull(0) ? after : reader.GetInt64(0);
            ids.Add(reader.GetString(1));
        }

        return (ids, after);
    }

    /// <summary>The number of lines in which <c>clientele check</c> reports a difference.</summary>
    public async Task<int> CheckAsync(CancellationToken cancellationToken)
    {
        var start = ServerUnderTest.Verb(ServerUnderTest.Clientele, "check", "--database", Database);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? 0 : Math.Max(1, (await output + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    public async ValueTask DisposeAsync()
    {
        await Nodes.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    private static async Task<string> KeyAsync(FaultBed bed, IEnumerable<string> scopes, CancellationToken cancellationToken)
    {
        var granted = scopes.SelectMany(scope => (string[])["--scope", scope]);
        var start = ServerUnderTest.Verb(bed.Nodes.Program, ["keys", "create", "--name", "faults", .. granted, "--database", bed.Database]);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var words = output.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(words, word => word.StartsWith("clk_", StringComparison.Ordinal))
            ?? throw new BenchException($"clientele keys create printed no key:\n{output}");
    }

    private static async Task<long> RegisterAsync(HttpClient client, object registration, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsJsonAsync("/api/customers/register/", registration, cancellationToken);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetInt64()
            : throw new BenchException($"A registration was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private static object Registration(int i) => new
    {
        username = $"faults.person{i}",
        email = $"faults.person{i}@example.com",
        password = Bodies.Password,
        password2 = Bodies.Password,
        first_name = "Ada",
        last_name = "Lovelace",
    };
}
