using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Operations;

/// <summary>What a node sends by OTLP says what happened, and contains no personal data.</summary>
public sealed class SendingTelemetry
{
    private const string Secret = "never-to-be-sent-57";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Traces_metrics_and_logs_arrive_and_know_no_person()
    {
        var (database, _) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await ServerProcess.ServeAsync(new Dictionary<string, string>
        {
            ["Clientele__Database"] = database.ConnectionString,
            ["Messages__Folder"] = Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():N}"),
            ["Telemetry__OtlpEndpoint"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_SERVICE_NAME"] = "accounts-of-the-shop",
        });
        var stranger = new Actor(server.Client);
        server.Client.DefaultRequestHeaders.UserAgent.ParseAdd(Secret);
        var registration = Given.Registration("zebedee");
        (registration["first_name"], registration["phone"]) = ("Windmill", "+4915112345678");
        (await stranger.Post("/api/customers/register/", registration)).Expect(201);
        (await stranger.Post("/api/auth/token/", new { username = "zebedee", password = Secret })).ExpectProblem(401);
        (await stranger.Get($"/api/zebedee@example.com/?q={Secret}")).ExpectProblem(404);
        await database.ExecuteAsync(TestDatabase.Kind is DatabaseKind.Sqlite ? "DROP TABLE login_names" : "DROP TABLE login_names CASCADE");
        (await stranger.Post("/api/auth/token/", new { username = "zebedee", password = Secret })).ExpectProblem(500);

        await Wait.UntilAsync(
            () => Task.FromResult(
                collector.Of("traces").Contains("/api/customers/register/", StringComparison.Ordinal)
                && collector.Of("metrics").Contains("clientele.segments.queue.lag", StringComparison.Ordinal)
                && collector.Of("logs").Contains("A request failed.", StringComparison.Ordinal)),
            Patience,
            "all three signals");

        var sent = collector.Of("traces") + collector.Of("metrics") + collector.Of("logs");
        Assert.Contains("accounts-of-the-shop", sent, StringComparison.Ordinal);
        Assert.All(
            ["zebedee", "windmill", "@example", "49151", Secret, ClienteleApp.Password],
            word => Assert.DoesNotContain(word, sent, StringComparison.OrdinalIgnoreCase));
        if (TestDatabase.Kind is DatabaseKind.Postgres)
        {
            Assert.Contains("INSERT INTO customers", collector.Of("traces"), StringComparison.Ordinal);
        }
    }
}
