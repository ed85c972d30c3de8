using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>A lint over the migrated catalogue: every table follows the rules of its declared class.</summary>
public sealed partial class DeclaringTables(ClienteleApp app)
{
    private static readonly Dictionary<string, TableAttribute> Declared = typeof(ClienteleDb).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<TableAttribute>()).OfType<TableAttribute>().ToDictionary(table => table.Name);

    [Fact]
    public async Task Every_table_is_declared_and_every_declared_table_is_there()
    {
        var tables = (await app.Database.TablesAsync())
            .Where(table => !table.StartsWith("__EF", StringComparison.Ordinal) && !table.StartsWith("sqlite_", StringComparison.Ordinal));

        Assert.Equal(Declared.Keys.Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Columns_are_snake_case()
    {
        foreach (var table in Declared.Keys)
        {
            Assert.All(await app.Database.ColumnsAsync(table), column => Assert.Matches(SnakeCase(), column.Name));
        }
    }

    [Fact]
    public async Task Money_and_ids_are_whole_numbers_of_64_bits_and_nothing_of_ours_is_a_floating_point_number()
    {
        foreach (var table in Declared.Keys)
        {
            // The shop's own metadata has the numbers of JSON.
            foreach (var column in (await app.Database.ColumnsAsync(table)).Where(column => (table, column.Name) != ("customer_metadata", "number")))
            {
                Assert.False(
                    column.Type is "REAL" or "real" or "double precision" or "numeric" or "money" or "timestamp without time zone",
                    $"{table}.{column.Name} is {column.Type}.");
                if (Wide().IsMatch(column.Name))
                {
                    Assert.True(column.Type is "bigint" or "INTEGER", $"{table}.{column.Name} is {column.Type}.");
                }
            }
        }
    }

    [Fact]
    public async Task What_a_customer_owns_begins_its_keys_with_the_customer()
    {
        foreach (var table in Owned.Where(table => table != "customers"))
        {
            Assert.Equal("customer_id", (await app.Database.PrimaryKeyAsync(table))[0]);
            Assert.All(await app.Database.UniqueIndexesAsync(table), columns => Assert.Equal("customer_id", columns[0]));
        }
    }

    [Fact]
    public async Task A_customer_is_unique_by_id_and_by_nothing_else()
    {
        Assert.Equal(["id"], await app.Database.PrimaryKeyAsync("customers"));
        Assert.All(await app.Database.UniqueIndexesAsync("customers"), columns => Assert.Equal(["id"], columns));
    }

    [Fact]
    public async Task Foreign_keys_stay_with_the_customer_or_lead_to_a_reference_table()
    {
        foreach (var table in Declared.Keys)
        {
            foreach (var key in await app.Database.ForeignKeysAsync(table))
            {
                var (from, to) = (Declared[table].Class, Declared[key.To].Class);
                Assert.False(table == "customers" && key.To == "customers", "No foreign key leads from customer to customer.");
                Assert.True(
                    (from, to) is (TableClass.Owned, TableClass.Owned) or (TableClass.Owned, TableClass.Reference)
                        or (TableClass.Reference, TableClass.Reference) or (TableClass.Local, TableClass.Local),
                    $"{table} → {key.To}: {from} → {to}.");
                Assert.True(
                    to != TableClass.Owned || (key.Columns[0] == "customer_id" && key.ToColumns[0] is "customer_id" or "id"),
                    $"{table} → {key.To} ({string.Join(", ", key.Columns)}) leaves the customer.");
                Assert.False(Declared[table].AppendOnly, $"{table} is append-only; a cascade could reach it.");
            }
        }
    }

    [Fact]
    public void What_is_locked_on_every_change_of_a_group_is_on_one_machine() => Assert.All(
        (string[])["groups", "group_counts", "group_references", "group_graph", "group_audit_entries", "segments"],
        table => Assert.Equal(TableClass.Local, Declared[table].Class));

    [Fact]
    public async Task A_claim_is_keyed_by_the_one_value_that_is_claimed()
    {
        foreach (var table in Declared.Values.Where(table => table.Class == TableClass.Claim).Select(table => table.Name))
        {
            var key = Assert.Single(await app.Database.PrimaryKeyAsync(table));

            // Text, as normalised by the application; a uuid has only one form.
            Assert.Contains((await app.Database.ColumnsAsync(table)).Single(column => column.Name == key).Type, (string[])["text", "TEXT", "uuid"]);
            Assert.All(await app.Database.UniqueIndexesAsync(table), columns => Assert.Equal([key], columns));
        }
    }

    [Fact]
    public async Task No_column_fills_itself_in()
    {
        foreach (var table in Declared.Keys)
        {
            Assert.All(await app.Database.ColumnsAsync(table), column => Assert.False(
                column.IsGenerated || (column.Default is { } value && Computed().IsMatch(value)), $"{table}.{column.Name} has the default {column.Default}."));
        }
    }

    [Fact]
    public async Task There_are_no_triggers_but_those_that_make_SQLite_append_only()
    {
        var triggers = await app.Database.TriggersAsync();

        Assert.Equal(
            TestDatabase.Kind is DatabaseKind.Postgres
                ? []
                : AppendOnly.Concat(WriteOnce).SelectMany(table => new[] { $"{table}_no_delete", $"{table}_no_update" }).Order(StringComparer.Ordinal),
            triggers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_append_only_refuses_to_be_changed_even_by_the_service()
    {
        Assert.NotEmpty(AppendOnly);
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        (await admin.Post("/api/customers/groups/", new { name = "Wholesale" })).Expect(201);
        (await admin.Post($"{admin.Url}add_loyalty_points/", new { points = 5, reason = "A good customer" })).Expect(200);

        foreach (var table in AppendOnly)
        {
            var before = await own.Database.QueryAsync($"SELECT 1 FROM {table}");
            Assert.NotEmpty(before);

            foreach (var column in await own.Database.ColumnsAsync(table))
            {
                await RefusesAsync($"UPDATE {table} SET {column.Name} = {column.Name}");
            }

            await RefusesAsync($"DELETE FROM {table}");
            if (TestDatabase.Kind is DatabaseKind.Postgres)
            {
                await RefusesAsync($"TRUNCATE {table}");
            }

            Assert.Equal(before.Count, (await own.Database.QueryAsync($"SELECT 1 FROM {table}")).Count);
        }

        async Task RefusesAsync(string statement)
        {
            var refusal = await Assert.ThrowsAnyAsync<DbException>(() => own.Database.ExecuteAsync(statement));
            Assert.Matches("permission denied|append-only", refusal.Message);
        }
    }

    [Fact]
    public async Task What_is_written_once_refuses_to_be_changed_and_goes_with_its_customer()
    {
        Assert.NotEmpty(WriteOnce);
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        (await customer.Patch(customer.Url, new { gender = "female" })).Expect(200);

        foreach (var table in WriteOnce)
        {
            Assert.All(await own.Database.ForeignKeysAsync(table), key => Assert.Equal("customers", key.To));
            foreach (var column in await own.Database.ColumnsAsync(table))
            {
                await RefusesAsync($"UPDATE {table} SET {column.Name} = {column.Name}");
            }

            // On PostgreSQL the owner may delete, because a cascade deletes in the owner's name. The check reports such deletions.
            await RefusesAsync(TestDatabase.Kind is DatabaseKind.Postgres ? $"TRUNCATE {table}" : $"DELETE FROM {table}");
            Assert.NotEmpty(await own.Database.QueryAsync($"SELECT 1 FROM {table} WHERE customer_id = {customer.Id}"));
        }

        await own.Database.ExecuteAsync(TestDatabase.Kind is DatabaseKind.Postgres
            ? $"DELETE FROM customers WHERE id = {customer.Id}"
            : $"PRAGMA foreign_keys = ON; DELETE FROM customers WHERE id = {customer.Id}");

        foreach (var table in WriteOnce)
        {
            Assert.Empty(await own.Database.QueryAsync($"SELECT 1 FROM {table} WHERE customer_id = {customer.Id}"));
        }

        async Task RefusesAsync(string statement)
        {
            var refusal = await Assert.ThrowsAnyAsync<DbException>(() => own.Database.ExecuteAsync(statement));
            Assert.Matches("permission denied|write-once", refusal.Message);
        }
    }

    [Fact]
    public async Task Who_may_delete_customers_and_no_details_of_the_audit_still_erases_both()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has no roles.");
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var superuser = (await PostgresCluster.SharedAsync()).SuperuserConnectionString;
        Assert.SkipWhen(superuser is null, "The server is not ours.");
        await using var own = await ClienteleApp.StartAsync();
        var (customer, role) = (await own.CustomerAsync(), $"serving_{Guid.NewGuid():n}");
        var name = new NpgsqlConnectionStringBuilder(own.Database.ConnectionString).Database;
        var there = new NpgsqlConnectionStringBuilder(superuser) { Database = name, Pooling = false };
        await PostgresCluster.ExecuteAsync(
            there.ConnectionString,
            $"CREATE ROLE {role}; GRANT SELECT, DELETE ON customers TO {role}; GRANT SELECT ON audit_details TO {role}");
        try
        {
            await Assert.ThrowsAnyAsync<DbException>(() => PostgresCluster.ExecuteAsync(there.ConnectionString, $"SET ROLE {role}; DELETE FROM audit_details"));
            await PostgresCluster.ExecuteAsync(there.ConnectionString, $"SET ROLE {role}; DELETE FROM customers WHERE id = {customer.Id}");
        }
        finally
        {
            await PostgresCluster.ExecuteAsync(there.ConnectionString, $"DROP OWNED BY {role}; DROP ROLE {role}");
        }

        Assert.Empty(await own.Database.QueryAsync($"SELECT 1 FROM audit_details WHERE customer_id = {customer.Id}"));
    }

    private static IEnumerable<string> Owned => Declared.Values.Where(table => table.Class == TableClass.Owned).Select(table => table.Name);

    private static IEnumerable<string> AppendOnly => Declared.Values.Where(table => table.AppendOnly).Select(table => table.Name);

    private static IEnumerable<string> WriteOnce => Declared.Values.Where(table => table.WriteOnce).Select(table => table.Name);

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();

    [GeneratedRegex("^(customer_id|group_id|(?!.*quantity).*(price|amount|spent|refunded|balance|points).*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Wide();

    [GeneratedRegex(@"[a-z_]+\s*\(|current_", RegexOptions.IgnoreCase)]
    private static partial Regex Computed();
}
