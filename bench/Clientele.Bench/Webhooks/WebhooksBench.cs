using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Clientele.Bench.Flood;
using Npgsql;
using Spectre.Console;

namespace Clientele.Bench.Webhooks;

internal sealed record WebhooksOptions(int Events, int Seconds)
{
    public const int AllEvents = 100_000;
    public const int AllSeconds = 60;

    public string Command => string.Create(CultureInfo.InvariantCulture, $"bin/bench webhooks --events {Events} --seconds {Seconds}");

    public bool IsFull => Events >= AllEvents && Seconds >= AllSeconds;
}

/// <summary>What was measured while the dead receiver's webhook was turned off, or on.</summary>
/// <param name="State">Off or on.</param>
internal sealed record WebhookFigures(string State)
{
    public Latencies Reads { get; set; } = new([]);

    /// <summary>From an event to its arrival at the receiver that works.</summary>
    public Latencies Lags { get; set; } = new([]);

    /// <summary>The resident memory of the service, in MiB, once a second.</summary>
    public List<double> Memory { get; } = [];
}

/// <summary>Measures how a dead receiver with many events behind it affects the service, another receiver, and other callers.</summary>
internal static class WebhooksBench
{
    private const int Customers = 2000;
    private const string Admin = "bench-admin";

    /// <summary>How many events for the receiver that works are written in a second.</summary>
    public const int WritesPerSecond = 10;

    /// <summary>How long each state lasts before the other one follows.</summary>
    public const int Turn = 15;

    public static Task<int> RunAsync(WebhooksOptions options, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
            string[] seed = ["seed-demo", "--customers", $"{Customers}", "--password", Bodies.Password, "--database", database.ConnectionString];
            await progress.StepAsync("seed", _ => TestBed.VerbAsync(null, seed, cancellationToken));
            string[] admin = ["createsuperuser", "--username", Admin, "--email", $"{Admin}@example.com", "--password-stdin"];
            await TestBed.VerbAsync(Bodies.Password, [.. admin, "--database", database.ConnectionString], cancellationToken);
            var start = Bench.Service(database.ConnectionString);
            start.Environment["Webhooks__AllowedHosts__0"] = "127.0.0.1";
            await using var service = await ServerUnderTest.StartAsync("the service", start, "/health/ready", cancellationToken);
            return await MeasureAsync(progress, options, service, database, cancellationToken);
        },
        cancellationToken);

    private static async Task<WebhooksReport> MeasureAsync(
        ProgressContext progress, WebhooksOptions options, ServerUnderTest service, BenchDatabase database, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { BaseAddress = service.Address };
        var (reader, admin) = (await TestBed.SignInAsync(client, "ada", cancellationToken), await TestBed.SignInAsync(client, Admin, cancellationToken));
        var stepUp = await SendAsync(client, HttpMethod.Post, "/api/auth/step_up/", admin.Access, new { password = Bodies.Password }, cancellationToken);
        var access = stepUp.GetProperty("access").GetString()!;
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);

        // Its connections are accepted by the operating system, and nobody ever answers: each attempt takes the whole ten seconds.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(backlog: 512);
        await using var working = await WorkingReceiver.StartAsync();
        var dead = await HookAsync(((IPEndPoint)silent.LocalEndpoint).Port, ["customer.updated"], isActive: false);
        await HookAsync(working.Port, ["points.adjusted"], isActive: true);
        await progress.StepAsync("events", async _ =>
        {
            await WriteEventsAsync(source, options.Events, cancellationToken);
            while (await ScalarAsync(source, "SELECT count(*) FROM events WHERE position IS NULL", cancellationToken) > 0)
            {
                await Task.Delay(500, cancellationToken);
            }
        });

        WebhookFigures off = new("off"), on = new("on");
        var ids = await IdsAsync(source, cancellationToken);
        await progress.StepAsync("rehearse", _ => TurnAsync(new("rehearsing"), isActive: false, Turn));
        for (var left = options.Seconds; left > 0; left -= Turn)
        {
            await progress.StepAsync("off", _ => TurnAsync(off, isActive: false, Math.Min(left, Turn)));
            await progress.StepAsync("on", _ => TurnAsync(on, isActive: true, Math.Min(left, Turn)));
        }

        var rows = await ScalarAsync(source, $"SELECT count(*) FROM webhook_deliveries WHERE webhook_id = '{dead}'", cancellationToken);
        return new WebhooksReport(options, off, on, rows, database.Version);

        async Task<Guid> HookAsync(int port, string[] types, bool isActive) => (await SendAsync(
            client, HttpMethod.Post, "/api/webhooks/", access, new { url = $"http://127.0.0.1:{port}/", types, is_active = isActive }, cancellationToken))
            .GetProperty("id").GetGuid();

        async Task TurnAsync(WebhookFigures figures, bool isActive, int seconds)
        {
            // A step-up lasts for five minutes only, and the webhook of a turn is changed by a statement as by an admin.
            await ScalarAsync(
                source, $"UPDATE webhooks SET is_active = {isActive}, paused_until = NULL, failures = 0 WHERE id = '{dead}' RETURNING 1", cancellationToken);
            working.Forget();
#pragma warning disable CA2025 // Both are awaited below.
            var reads = Readers.RunAsync(client, reader.Access, seconds, cancellationToken);
            var writes = WriteAsync(client, admin.Access, ids, seconds, cancellationToken);
#pragma warning restore CA2025
            while (!reads.IsCompleted || !writes.IsCompleted)
            {
                await Task.WhenAny(Task.WhenAll(reads, writes), Task.Delay(1000, cancellationToken));
                figures.Memory.Add(Memory(service.ProcessId));
            }

            await writes;
            await Task.Delay(1000, cancellationToken);
            figures.Reads += await reads;
            figures.Lags += new Latencies(working.Lags);
        }
    }

    /// <summary>Adds points to random customers, at a steady rate.</summary>
    private static async Task WriteAsync(HttpClient client, string access, long[] ids, int seconds, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / WritesPerSecond));
        for (var i = 0; i < seconds * WritesPerSecond && await timer.WaitForNextTickAsync(cancellationToken); i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/api/customers/customers/{ids[i * 37 % ids.Length]}/add_loyalty_points/");
            await SendAsync(client, HttpMethod.Post, path, access, new { points = 1 }, cancellationToken);
        }
    }

    /// <summary>Events of changed profiles, as many for each customer, without places in the feed yet.</summary>
    private static async Task WriteEventsAsync(NpgsqlDataSource source, int events, CancellationToken cancellationToken)
    {
        var each = (events + Customers - 1) / Customers;
        await using var write = source.CreateCommand(
            """
            WITH counted AS (UPDATE customers SET event_count = event_count + $1 WHERE NOT is_staff RETURNING id, event_count)
            INSERT INTO events (customer_id, group_id, number, kind, at, data)
            SELECT id, 0, event_count - $1 + number, 2, $2, '{"changed": {"gender": "female"}}' FROM counted, generate_series(1, $1) AS number
            """);
        write.Parameters.Add(new() { Value = each });
        write.Parameters.Add(new() { Value = DateTime.UtcNow });
        write.CommandTimeout = 300;
        await write.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<long[]> IdsAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT array_agg(id) FROM customers WHERE NOT is_staff AND is_active");
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Our own text.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private static async Task<JsonElement> SendAsync(
        HttpClient client, HttpMethod method, string path, string access, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        using var answer = await client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new BenchException($"{path} answered {(int)answer.StatusCode}: {text}");
    }

    private static double Memory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
