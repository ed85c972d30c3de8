using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Clientele.Bench.Segments;

/// <summary>The admin who creates segments, and reads from the database when they are correct.</summary>
internal sealed class Desk(HttpClient client, TestBed bed, NpgsqlDataSource source)
{
    private const int Ready = 1;
    private const int Failed = 2;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public TestBed Bed => bed;

    public NpgsqlDataSource Source => source;

    public async Task StaySignedInAsync(CancellationToken cancellationToken)
    {
        await bed.StaySignedInAsync(client, cancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bed.Admin.Access);
    }

    public async Task<long> CreateAsync(string name, string rule, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Post,
            "/api/customers/groups/",
            $$"""{"name": "{{name}}", "auto_assign": true, "assignment_rules": {{rule}}}""",
            cancellationToken)).GetProperty("id").GetInt64();

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return !answer.IsSuccessStatusCode ? throw new BenchException($"{method} {path} answered {(int)answer.StatusCode}: {text}")
            : text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>Waits until segments are ready, and reports their progress.</summary>
    public async Task WaitAsync(IReadOnlyList<long> groups, Action<int> tell, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FILTER (WHERE state = $2), min(error) FILTER (WHERE state = $3) FROM segments WHERE group_id = ANY($1)",
            connection);
        command.Parameters.Add(new() { Value = groups.ToArray() });
        command.Parameters.Add(new() { Value = Ready });
        command.Parameters.Add(new() { Value = Failed });
        await command.PrepareAsync(cancellationToken);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(Look, cancellationToken))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            if (!await reader.IsDBNullAsync(1, cancellationToken))
            {
                throw new BenchException($"A segment cannot be built: {reader.GetString(1)}");
            }

            var ready = (int)reader.GetInt64(0);
            tell(ready);
            if (ready == groups.Count)
            {
                return;
            }
        }

        throw new BenchException("The segments did not become ready.");
    }

    /// <summary>Waits until nothing is queued.</summary>
    public async Task<TimeSpan> DrainAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (await NumberAsync("SELECT count(*) FROM (SELECT FROM segment_changes LIMIT 1) AS queued", cancellationToken) > 0)
        {
            if (waited.Elapsed > Patience)
            {
                throw new BenchException("The queue did not become empty.");
            }

            await Task.Delay(Look, cancellationToken);
        }

        return waited.Elapsed;
    }

    public async Task<long> NumberAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(sql, values);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    public async Task<int> RunAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Customers in random order, or in reverse order of it.</summary>
    public async Task<long[]> CustomersAsync(int count, string direction, CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT id FROM customers WHERE is_active AND NOT is_staff ORDER BY hashint8(id) {direction} LIMIT $1", [count]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var customers = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            customers.Add(reader.GetInt64(0));
        }

        return [.. customers];
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
#pragma warning disable CA2100 // The statements are this program's own.
        var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        command.CommandTimeout = (int)Patience.TotalSeconds;
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
