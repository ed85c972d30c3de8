using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Clientele.Tests.Support;

/// <summary>Reads the tables directly, without the service.</summary>
public static class Rows
{
    /// <summary>The single number that a statement returns.</summary>
    public static async Task<long> CountAsync(this TestDatabase database, string statement)
    {
        await using var connection = await database.OpenAsync();
        return Convert.ToInt64(await connection.ScalarAsync(statement), CultureInfo.InvariantCulture);
    }

    /// <summary>A connection separate from those of the service.</summary>
    public static async Task<DbConnection> OpenAsync(this TestDatabase database)
    {
        DbConnection connection = TestDatabase.Kind is DatabaseKind.Postgres
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString)
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database.ConnectionString, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The statements are those of the tests.")]
    public static async Task<object?> ScalarAsync(this DbConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteScalarAsync();
    }
}
