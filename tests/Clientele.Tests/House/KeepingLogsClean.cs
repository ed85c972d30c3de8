using System.Data.Common;
using System.Text.Json;
using Clientele.Server.Customers;
using Clientele.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

/// <summary>Logs contain only ids. Their readers learn nothing about a person, even when something fails.</summary>
public sealed class KeepingLogsClean
{
    private const string Secret = "never-to-be-logged-93";

    [Fact]
    public async Task Neither_success_nor_failure_brings_a_person_into_the_log()
    {
        await using var own = await ClienteleApp.StartAsync(new ClienteleAppOptions
        {
            // Erasing and activating fail in an unexpected way.
            Services = services => services.AddScoped<Activation>(_ => throw new InvalidOperationException("This was not foreseen.")),
        });
        var admin = await own.AdminAsync();
        var customer = await own.CustomerAsync("zebedee", new
        {
            email = "zebedee@example.org",
            first_name = "Zebedee",
            last_name = "Quixote",
            phone = "+4915112345678",
            password = Secret + "pw",
            password2 = Secret + "pw",
        });

        (await customer.Get($"/api/customers/customers/me/?_x={Secret}")).Expect(200);
        (await customer.Post("/api/customers/addresses/", Given.Address(line1: "7 Quixote Way", city: "Windmill"))).Expect(201);
        (await admin.Get($"/api/customers/customers/?search=zebedee&page={Secret}")).ExpectProblem(400);
        (await admin.Get("/api/customers/customers/?search=zebedee@example.org")).Expect(200);
        (await customer.Patch(customer.Url + $"?_q={Secret}", new { phone = "+4915112345679" })).ExpectProblem(500);
        (await customer.Post($"{customer.Url}deactivate/?_q={Secret}")).ExpectProblem(500);
        (await own.Stranger.Post("/api/auth/token/", new { username = "zebedee", password = Secret })).ExpectProblem(401);
        (await own.Stranger.Post("/api/auth/token/", new { username = "zebedee@example.org", password = Secret })).ExpectProblem(401);
        (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh + Secret })).ExpectProblem(401);
        (await own.Stranger.Post("/api/customers/register/", Registration("zebedee"))).ExpectProblem(400);
        (await new Actor(own.CreateClient()) { Access = customer.Access + "x" }.Get(customer.Url)).ExpectProblem(401);

        // A missing table fails in the middle of a request that names a person.
        await own.Database.ExecuteAsync(TestDatabase.Kind is DatabaseKind.Sqlite ? "DROP TABLE login_names" : "DROP TABLE login_names CASCADE");
        (await own.Stranger.Post("/api/auth/token/", new { username = "zebedee", password = Secret })).ExpectProblem(500);
        (await own.Stranger.Post("/api/customers/register/", Registration("zebedee2"))).ExpectProblem(500);

        Assert.Contains(own.Log.Lines, line => line.Contains("This was not foreseen.", StringComparison.Ordinal));
        foreach (var line in own.Log.Lines)
        {
            Assert.All(
                [
                    "zebedee", "quixote", "windmill", "@example", "49151", Secret, customer.Access, customer.Access.Split('.')[2],
                    customer.Refresh, customer.Refresh.Split('.')[1], ClienteleApp.Password, "_q=", "?_x",
                ],
                word => Assert.DoesNotContain(word, line, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task An_event_is_one_line_of_JSON_whatever_is_in_it()
    {
        var file = Path.Combine(TestDatabase.TemporaryDirectory, $"log-{Guid.NewGuid():N}.db");
        await using var server = await ServerProcess.ServeAsync(file);
        await SpoilAsync(
            file,
            "CREATE TRIGGER spoiler BEFORE INSERT ON login_names BEGIN SELECT RAISE(ABORT, 'first line"
                + "\n" + "{\"forged\": true}\r\u001b[31m \u202Ebackwards \u2028'); END");

        var registration = Given.Registration("lines").ToJsonString();
        using var content = new StringContent(registration, System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync("/api/customers/register/", content, TestContext.Current.CancellationToken);
        Assert.Equal(500, (int)answer.StatusCode);
        Assert.Equal(0, await server.TerminateAsync());

        // The one plain line, for the person who starts the service, is on standard error.
        var events = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("Clientele is at http://127.0.0.1:", StringComparison.Ordinal))
            .ToList();
        Assert.Contains(events, line => line.Contains("backwards", StringComparison.Ordinal));
        foreach (var line in events)
        {
            Assert.DoesNotContain(line, character => char.IsControl(character) || character is '\u202E' or '\u2028');
            using var json = JsonDocument.Parse(line);
            Assert.False(json.RootElement.TryGetProperty("forged", out _), line);
            Assert.True(json.RootElement.TryGetProperty("Message", out _), line);
        }

        Assert.DoesNotContain("lines@example.com", server.Output, StringComparison.Ordinal);
    }

    private static object Registration(string username) => new
    {
        username,
        email = $"{username}@example.org",
        password = Secret,
        password2 = Secret,
        first_name = "Zebedee",
        last_name = "Quixote",
    };

    private static async Task SpoilAsync(string file, string statement)
    {
        await using DbConnection connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statement is above.
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
