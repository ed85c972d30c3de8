using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Clientele.Tests.Support;

/// <summary>A look behind the service: what is really in its tables.</summary>
public static class Rows
{
    /// <summary>The one number that a statement answers with.</summary>
    public static async Task<long> CountAsync(this TestDatabase database, string statement)
    {
        await using var connection = await database.OpenAsync();
        return Convert.ToInt64(await connection.ScalarAsync(statement), CultureInfo.InvariantCulture);
    }

    /// <summary>A connection apart from those of the service.</summary>
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
