using System.Diagnostics;
using Clientele.Server.Commands;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.Operations;

/// <summary>What docs/operating.md says about backups, done: a copy that was made while the service runs is a whole shop elsewhere.</summary>
public sealed class BackingUp
{
    [Fact]
    public async Task A_restored_backup_passes_the_check_and_its_customers_sign_in()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 120 })).Expect(200);
        (await admin.Post("/api/customers/groups/", new { name = "Collectors", assignment_rules = new { all = Array.Empty<object>() } })).Expect(201);
        var before = (await customer.Get("/api/customers/customers/me/")).Expect(200);

        await using var restored = await TestDatabase.CreateEmptyAsync();
        await (TestDatabase.Kind is DatabaseKind.Sqlite ? CopyAsync(own.Database, restored) : DumpAsync(own.Database, restored));

        // What happens after the backup is not in it.
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 5 })).Expect(200);
        await ExpectCheckAsync(restored);
        await using var elsewhere = await ClienteleApp.StartAsync(new() { Database = restored, Clock = own.Clock });
        var again = await elsewhere.SignInAsync(customer.Username, customer.Password, customer.Id);
        var after = (await again.Get("/api/customers/customers/me/")).Expect(200);
        Assert.Equal((120, $"{before["addresses"]}"), ((int)after["loyalty_points"], $"{after["addresses"]}"));

        // The keys are in the backup, so tokens that were given out before stay valid.
        (await elsewhere.Here(customer).Get("/api/customers/customers/me/")).Expect(200);
        (await again.Post("/api/customers/addresses/", Given.Address("billing"))).Expect(201);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => restored.ExecuteAsync("DELETE FROM points_entries"));
    }

    /// <summary>As the command <c>.backup</c> of sqlite3 does.</summary>
    private static async Task CopyAsync(TestDatabase from, TestDatabase to) =>
        await RunAsync("sqlite3", [], from.ConnectionString, $".backup {to.ConnectionString}");

    private static async Task DumpAsync(TestDatabase from, TestDatabase to)
    {
        var file = Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():N}.dump");
        var (source, target) = (new NpgsqlConnectionStringBuilder(from.ConnectionString), new NpgsqlConnectionStringBuilder(to.ConnectionString));
        await RunAsync("pg_dump", Of(source), "--format=custom", $"--file={file}", $"--dbname={source.Database}");
        await RunAsync("pg_restore", Of(target), "--exit-on-error", $"--dbname={target.Database}", file);
        File.Delete(file);
    }

    private static Dictionary<string, string?> Of(NpgsqlConnectionStringBuilder server) => new()
    {
        ["PGHOST"] = server.Host,
        ["PGPORT"] = $"{server.Port}",
        ["PGUSER"] = server.Username,
        ["PGPASSWORD"] = server.Password,
    };

    private static async Task ExpectCheckAsync(TestDatabase database)
    {
        using var input = new StringReader("");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exitCode = await Cli.RunAsync(["check", "--database", database.ConnectionString], input, output, errors);
        Assert.Equal((0, ""), (exitCode, $"{errors}"));
    }

    /// <summary>Runs a tool of the database, and skips the test where it is not installed.</summary>
    private static async Task RunAsync(string program, Dictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Tool(program), arguments) { RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program}: {errors}");
    }

    private static string Tool(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name));
        var found = folders.FirstOrDefault(File.Exists);
        TestDatabase.SkipUnlessAvailable(found is null ? $"{name} is not installed: bin/install-test-tools installs it." : null);
        return found!;
    }
}
