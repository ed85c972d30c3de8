using System.Reflection;
using System.Text.RegularExpressions;
using Clientele.Server.Commands;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>The output of <c>clientele distribute</c> matches the declared classes of the tables.</summary>
public sealed partial class DistributingTables(ClienteleApp app)
{
    [Fact]
    public async Task Every_table_occurs_once_in_the_form_of_its_class()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite is not distributed.");
        var forms = Form().Matches((await RunAsync("--print")).Output).ToDictionary(form => form.Groups["table"].Value, form => form.Groups["verb"].Value);

        Assert.Equal(
            Tables().Select(table => (table.Name, table.Class switch
            {
                TableClass.Reference => "create_reference_table",
                TableClass.Local => "--",
                _ => "create_distributed_table",
            })),
            forms.Select(form => (form.Key, form.Value)).OrderBy(form => form.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_others_refer_to_is_distributed_before_them()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite is not distributed.");
        var order = Form().Matches((await RunAsync("--print")).Output).Select(form => form.Groups["table"].Value).ToList();

        foreach (var table in order)
        {
            Assert.All(
                await app.Database.ForeignKeysAsync(table),
                key => Assert.True(order.IndexOf(key.To) < order.IndexOf(table) || key.To == table, $"{table} before {key.To}."));
        }
    }

    [Fact]
    public async Task The_statements_are_those_of_the_guide()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite is not distributed.");
        var printed = (await RunAsync("--print")).Output;
        var own = new NpgsqlConnectionStringBuilder(app.Database.ConnectionString);

        foreach (var line in new[]
        {
            $"ALTER DATABASE \"{own.Database}\" SET citus.propagate_set_commands = 'local';",
            "SELECT create_distributed_table('customers', 'id', colocate_with => 'none');",
            "SELECT create_distributed_table('addresses', 'customer_id', colocate_with => 'customers');",
            "SELECT create_distributed_table('login_names', 'name', colocate_with => 'none');",
            "-- group_counts",
            $"REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM \"{own.Username}\";",
            $"REVOKE UPDATE, TRUNCATE ON audit_details FROM \"{own.Username}\";",
        })
        {
            Assert.Contains(line, printed.Split('\n'));
        }
    }

    [Fact]
    public async Task What_may_not_change_may_not_change_on_the_workers_either()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite is not distributed.");
        var revoked = Revocation().Matches((await RunAsync("--print")).Output).Select(line => (line.Groups["table"].Value, line.Groups["rights"].Value));

        Assert.Equal(
            Tables().Where(table => table.Class != TableClass.Local && (table.AppendOnly || table.WriteOnce))
                .Select(table => (table.Name, table.AppendOnly ? "UPDATE, DELETE, TRUNCATE" : "UPDATE, TRUNCATE")),
            revoked.OrderBy(one => one.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_only_prints()
    {
        var (exitCode, _, errors) = await RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("--print", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SQLite_stays_on_one_machine()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Sqlite, "PostgreSQL can be distributed.");
        var (exitCode, output, errors) = await RunAsync("--print");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("needs PostgreSQL", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static IEnumerable<TableAttribute> Tables() => typeof(ClienteleDb).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<TableAttribute>()).OfType<TableAttribute>().OrderBy(table => table.Name, StringComparer.Ordinal);

    private async Task<ServerRun> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exitCode = await Cli.RunAsync(["distribute", .. arguments, "--database", app.Database.ConnectionString], TextReader.Null, output, errors);
        return new(exitCode, $"{output}", $"{errors}");
    }

    [GeneratedRegex(@"^(SELECT )?(?<verb>create_\w+|--)(\('| )(?<table>[a-z_]+)('.*)?$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Form();

    [GeneratedRegex(@"^REVOKE (?<rights>[A-Z, ]+) ON (?<table>[a-z_]+) FROM "".+"";$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Revocation();
}
