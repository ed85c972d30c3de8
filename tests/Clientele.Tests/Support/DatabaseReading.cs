using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Clientele.Tests.Support;

/// <summary>For tests of stored data that HTTP cannot show: the test's own connection, with the role of the service.</summary>
internal static class DatabaseReading
{
    /// <summary>All rows of a query, each as an array of values.</summary>
    public static async Task<IReadOnlyList<object[]>> QueryAsync(this TestDatabase database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = Command(connection, sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<object[]>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    public static async Task ExecuteAsync(this TestDatabase database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A transaction that the test holds open. On SQLite nobody else can write once it has written.</summary>
    public static async Task<OpenTransaction> BeginAsync(this TestDatabase database)
    {
        var connection = await OpenAsync(database);
#pragma warning disable CA1849 // Only this overload has "deferred".
        return new(
            connection,
            connection is SqliteConnection sqlite
                ? sqlite.BeginTransaction(deferred: true)
                : await connection.BeginTransactionAsync(TestContext.Current.CancellationToken));
#pragma warning restore CA1849
    }

    /// <summary>The names of all tables, EF Core's own included.</summary>
    public static async Task<IReadOnlyList<string>> TablesAsync(this TestDatabase database) =>
        [.. (await database.QueryAsync(TestDatabase.Kind is DatabaseKind.Sqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            : "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")).Select(row => (string)row[0])];

    private static async Task<DbConnection> OpenAsync(TestDatabase database)
    {
        // Without a pool, so that no open connection keeps the test from dropping the database.
        DbConnection connection = TestDatabase.Kind is DatabaseKind.Sqlite
            ? new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = database.ConnectionString, Pooling = false, DefaultTimeout = 10 }.ConnectionString)
            : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    [SuppressMessage("Security", "CA2100", Justification = "Tests write their own statements.")]
    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <summary>The transaction of <see cref="BeginAsync"/>; it is rolled back unless committed.</summary>
    public sealed class OpenTransaction(DbConnection connection, DbTransaction transaction) : IAsyncDisposable
    {
        public async Task ExecuteAsync(string sql)
        {
            await using var command = Command(connection, sql);
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        public Task CommitAsync() => transaction.CommitAsync(TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
