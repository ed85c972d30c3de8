using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Clientele.Server.Data;

/// <summary>
/// Inserts many rows fast, in the open transaction: with COPY on PostgreSQL, with one prepared statement on SQLite. Rows may be of several tables,
/// which are written in the order in which they first occur.
/// </summary>
internal static class BulkCopy
{
    public static async Task BulkCopyAsync(this ClienteleDb db, IEnumerable<object> rows, CancellationToken cancellationToken)
    {
        foreach (var table in rows.GroupBy(row => row.GetType()))
        {
            var entity = db.Model.FindEntityType(table.Key)!;
            var columns = entity.GetProperties().Select(property => new Column(property)).ToArray();
            var names = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
            var target = $"\"{entity.GetTableName()}\" ({names})";
            var values = string.Join(", ", columns.Select((_, i) => $"@p{i}"));
            await (db.Database.GetDbConnection() is NpgsqlConnection postgres
                ? CopyAsync(postgres, $"COPY {target} FROM STDIN (FORMAT BINARY)", columns, table, cancellationToken)
                : InsertAsync(db, $"INSERT INTO {target} VALUES ({values})", columns, table, cancellationToken));
        }
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection, string statement, Column[] columns, IEnumerable<object> rows, CancellationToken cancellationToken)
    {
        await using var importer = await connection.BeginBinaryImportAsync(statement, cancellationToken);
        foreach (var row in rows)
        {
            await importer.StartRowAsync(cancellationToken);
            foreach (var column in columns)
            {
                if (column.Value(row) is { } value)
                {
                    await importer.WriteAsync(value, column.Mapping.StoreType, cancellationToken);
                }
                else
                {
                    await importer.WriteNullAsync(cancellationToken);
                }
            }
        }

        await importer.CompleteAsync(cancellationToken);
    }

    private static async Task InsertAsync(ClienteleDb db, string statement, Column[] columns, IEnumerable<object> rows, CancellationToken cancellationToken)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
#pragma warning disable CA2100 // Built from the model's own names.
        command.CommandText = statement;
#pragma warning restore CA2100
        foreach (var row in rows)
        {
            command.Parameters.Clear();
            for (var i = 0; i < columns.Length; i++)
            {
                command.Parameters.Add(columns[i].Mapping.CreateParameter(command, $"@p{i}", columns[i].Value(row), columns[i].IsNullable));
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private sealed class Column(IProperty property)
    {
        public string Name { get; } = property.GetColumnName();

        public RelationalTypeMapping Mapping { get; } = property.GetRelationalTypeMapping();

        public bool IsNullable { get; } = property.IsNullable;

        /// <summary>The value in the form that COPY accepts. Parameters convert by themselves, and both store enumerations as numbers.</summary>
        public object? Value(object row) => property.GetGetter().GetClrValue(row) switch
        {
            Enum value => Convert.ToInt32(value, CultureInfo.InvariantCulture),
            var value => value,
        };
    }
}
