using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Clientele.Server.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Clientele.Tests.Support;

/// <summary>
/// A shop with the data of the last release: the demo's forty customers, three segments, a group with manual members, refunds, redemptions, an erased
/// customer. Each line of the file is a row of an SQLite database; binary values are in hexadecimal after <c>\x</c>.
/// </summary>
internal static class LastRelease
{
    /// <summary>The last migration of that release.</summary>
    private const string Migration = "Create";

    /// <summary>When the rows were written.</summary>
    public static readonly DateTimeOffset WrittenAt = new(2026, 11, 28, 10, 0, 0, TimeSpan.Zero);

    /// <summary>A database with its schema and rows.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var database = await TestDatabase.CreateEmptyAsync();
        await using (var db = Context(database.ConnectionString))
        {
            await db.GetService<IMigrator>().MigrateAsync(Migration);
            await db.Database.OpenConnectionAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            foreach (var (table, rows) in Tables())
            {
                await (db.Database.GetDbConnection() is NpgsqlConnection postgres
                    ? CopyAsync(postgres, table, rows)
                    : InsertAsync((SqliteConnection)db.Database.GetDbConnection(), table, rows));
            }

            await transaction.CommitAsync();

            // In that release, the planner had statistics.
            await db.Database.ExecuteSqlRawAsync("ANALYZE");
        }

        return database;
    }

    private static ClienteleDb Context(string connectionString) => TestDatabase.Kind is DatabaseKind.Sqlite
        ? new SqliteClienteleDb(new DbContextOptionsBuilder<SqliteClienteleDb>()
            .UseSqlite(new SqliteConnectionStringBuilder { DataSource = connectionString, Pooling = false }.ConnectionString).Options)
        : new PostgresClienteleDb(new DbContextOptionsBuilder<PostgresClienteleDb>()
            .UseNpgsql(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timezone = "UTC" }.ConnectionString).Options);

    /// <summary>Tables that others refer to come first.</summary>
    private static IEnumerable<(string Table, List<JsonElement> Rows)> Tables()
    {
        using var file = new GZipStream(Assembly.GetExecutingAssembly().GetManifestResourceStream("last-release.jsonl.gz")!, CompressionMode.Decompress);
        using var lines = new StreamReader(file);
        return lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))
            .GroupBy(line => line.GetProperty("table").GetString()!, line => line.GetProperty("row")).Select(table => (table.Key, table.ToList())).ToList();
    }

    private static string Columns(List<JsonElement> rows) => string.Join(", ", rows[0].EnumerateObject().Select(member => $"\"{member.Name}\""));

    [SuppressMessage("Security", "CA2100", Justification = "The names are those of the file.")]
    private static async Task CopyAsync(NpgsqlConnection connection, string table, List<JsonElement> rows)
    {
        await using var command = new NpgsqlCommand(
            $"INSERT INTO {table} ({Columns(rows)}) SELECT {Columns(rows)} FROM json_populate_recordset(NULL::{table}, $1::json)",
            connection);
        command.Parameters.AddWithValue($"[{string.Join(',', rows.Select(row => row.GetRawText()))}]");
        await command.ExecuteNonQueryAsync();
    }

    [SuppressMessage("Security", "CA2100", Justification = "The names are those of the file.")]
    private static async Task InsertAsync(SqliteConnection connection, string table, List<JsonElement> rows)
    {
        foreach (var row in rows)
        {
            await using DbCommand command = connection.CreateCommand();
            var members = row.EnumerateObject().ToList();
            var parameters = string.Join(", ", members.Select((_, i) => $"@p{i.ToString(CultureInfo.InvariantCulture)}"));
            command.CommandText = $"INSERT INTO {table} ({Columns(rows)}) VALUES ({parameters})";
            for (var i = 0; i < members.Count; i++)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = ($"@p{i.ToString(CultureInfo.InvariantCulture)}", Value(members[i].Value));
                command.Parameters.Add(parameter);
            }

            await command.ExecuteNonQueryAsync();
        }
    }

    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => DBNull.Value,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
        _ => value.GetString()! is var text && text.StartsWith(@"\x", StringComparison.Ordinal) ? Convert.FromHexString(text[2..]) : text,
    };
}
