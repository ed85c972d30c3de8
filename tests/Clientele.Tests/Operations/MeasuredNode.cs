using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Operations;

/// <summary>A node that runs in its own process: other apps of this process would show in its metrics.</summary>
public sealed class MeasuredNode : IAsyncLifetime
{
    public const string Token = "a-token-for-prometheus-42";
    private TestDatabase? _database;
    private ServerProcess? _server;

    internal ServerProcess Server => _server!;

    /// <summary>Somebody whose data must not be in any metric.</summary>
    public string Username { get; } = $"measured-{Guid.NewGuid():N}";

    internal MetricsPage Page { get; private set; } = new("");

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Unavailable is not null)
        {
            return;
        }

        var (database, username) = await ClienteleApp.DatabaseAsync();
        _database = database;
        var check = await ServerProcess.RunAsync(["check", "--database", database.ConnectionString]);
        Assert.True(check.ExitCode == 0, $"{check}");

        var secrets = Directory.CreateDirectory(Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():N}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "Database"), database.ConnectionString + "\n");
        await File.WriteAllTextAsync(Path.Combine(secrets, "Telemetry__MetricsToken"), Token + "\n");
        _server = await ServerProcess.ServeAsync(new Dictionary<string, string>
        {
            ["Clientele__Secrets__Directory"] = secrets,
            ["Messages__Folder"] = secrets + "-messages",
        });
        var signedIn = await new Actor(_server.Client).Post("/api/auth/token/", new { username, password = ClienteleApp.Password });
        var admin = new Actor(_server.Client) { Access = (string)signedIn.Expect(200)["access"]!, Password = ClienteleApp.Password };
        (await admin.Post("/api/webhooks/", new { url = "https://receiver.invalid/" })).Expect(201);
        var registration = Given.Registration(Username);
        (await new Actor(_server.Client).Post("/api/customers/register/", registration)).Expect(201);
        (await new Actor(_server.Client).Post("/api/auth/token/", new { username = Username, password = ClienteleApp.Password })).Expect(200);
        (await new Actor(_server.Client).Get($"/api/customers/{Username}/?name={Username}")).ExpectProblem(404);
        await Wait.UntilAsync(
            async () => (Page = await MetricsPage.ScrapeAsync(_server.Client, Token)).Names
                .IsSupersetOf([
                    "clientele_gauges_age_seconds", "clientele_messages_attempts_total", "clientele_webhooks_attempts_total", "clientele_customers_count",
                ]),
            TimeSpan.FromSeconds(60),
            "the figures of the database");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
