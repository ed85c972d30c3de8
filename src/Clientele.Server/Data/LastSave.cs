using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;

namespace Clientele.Server.Data;

/// <summary>
/// Saves new rows and changed customers, and commits, in one round trip. If one of the statements fails, PostgreSQL skips what follows it, and the
/// transaction is rolled back. All other saves are EF Core's, which also finds out in which order rows must be deleted, and whether an UPDATE has found
/// its row. That takes several times as long.
/// </summary>
internal sealed class LastSave(DatabaseDependencies dependencies, RelationalDatabaseDependencies relational, ICurrentDbContext current)
    : RelationalDatabase(dependencies, relational)
{
    private static readonly ConcurrentDictionary<IEntityType, TableOfRows> Tables = [];

    public override Task<int> SaveChangesAsync(IList<IUpdateEntry> entries, CancellationToken cancellationToken = default) =>
        current.Context is ClienteleDb { Committing: Committing.WithChanges } db
            ? SaveAndCommitAsync(db, entries, cancellationToken)
            : base.SaveChangesAsync(entries, cancellationToken);

    private static async Task<int> SaveAndCommitAsync(ClienteleDb db, IList<IUpdateEntry> entries, CancellationToken cancellationToken)
    {
        var (sql, values) = (new StringBuilder(), new List<IRelationalParameter>());
        foreach (var (table, row) in entries.Select(row => (Tables.GetOrAdd(row.EntityType, TableOfRows.Of, db), row)).OrderBy(entry => entry.Item1.Depth))
        {
            table.Write(row, sql, values);
        }

        var text = sql.Append("COMMIT").ToString();
        var command = new RelationalCommand(db.GetService<RelationalCommandBuilderDependencies>(), text, text, values);
        var (connection, logger) = (db.GetService<IRelationalConnection>(), db.GetService<IRelationalCommandDiagnosticsLogger>());
        db.Committing = Committing.Sent;
        try
        {
            await command.ExecuteNonQueryAsync(new(connection, null, null, db, logger, CommandSource.SaveChanges), cancellationToken);
        }
        catch (DbException failure)
        {
            throw new DbUpdateException("The changes were not saved.", failure);
        }

        return entries.Count;
    }

    /// <summary>The statements for the rows of a table.</summary>
    /// <param name="Name">The table's name.</param>
    /// <param name="Columns">All columns.</param>
    /// <param name="Insert">The beginning of the INSERT, up to the values.</param>
    /// <param name="Key">The columns of the primary key.</param>
    /// <param name="Depth">How many tables must get their rows first: those that the foreign keys refer to.</param>
    private sealed record TableOfRows(string Name, Column[] Columns, string Insert, Column[] Key, int Depth)
    {
        public static TableOfRows Of(IEntityType type, ClienteleDb db)
        {
            var names = db.GetService<ISqlGenerationHelper>();
            var (table, columns) = (names.DelimitIdentifier(type.GetTableName()!), type.GetProperties().Select(ColumnOf).ToArray());
            return new(
                table,
                columns,
                $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))}) VALUES (",
                [.. type.FindPrimaryKey()!.Properties.Select(ColumnOf)],
                DepthOf(type));

            Column ColumnOf(IProperty property) => new(property, names.DelimitIdentifier(property.GetColumnName()), property.GetRelationalTypeMapping());
        }

        /// <summary>Writes the INSERT of a new row, or the UPDATE of what has changed in a row.</summary>
        public void Write(IUpdateEntry row, StringBuilder sql, List<IRelationalParameter> values)
        {
            if (row.EntityState == EntityState.Added)
            {
                Append(Insert, Columns, ", ", isNamed: false);
                sql.Append(");\n");
            }
            else
            {
                Append($"UPDATE {Name} SET ", Columns.Where(column => row.IsModified(column.Property)), ", ", isNamed: true);
                Append(" WHERE ", Key, " AND ", isNamed: true);
                sql.Append(";\n");
            }

            void Append(string before, IEnumerable<Column> columns, string between, bool isNamed)
            {
                foreach (var column in columns)
                {
                    var value = new Value(column, string.Create(CultureInfo.InvariantCulture, $"@p{values.Count}"), row.GetCurrentValue(column.Property));
                    values.Add(value);
                    sql.Append(before);
                    if (isNamed)
                    {
                        sql.Append(column.Name).Append(" = ");
                    }

                    sql.Append(value.InvariantName);
                    before = between;
                }
            }
        }

        private static int DepthOf(IEntityType type) =>
            type.GetForeignKeys().Where(key => key.PrincipalEntityType != type).Select(key => DepthOf(key.PrincipalEntityType) + 1).DefaultIfEmpty().Max();
    }

    private sealed record Column(IProperty Property, string Name, RelationalTypeMapping Mapping);

    /// <summary>A parameter that has its value.</summary>
    private sealed class Value(Column column, string name, object? value) : IRelationalParameter
    {
        public string InvariantName => name;

        public void AddDbParameter(DbCommand command, IReadOnlyDictionary<string, object?>? parameterValues) =>
            command.Parameters.Add(column.Mapping.CreateParameter(command, name, value, column.Property.IsNullable));

        public void AddDbParameter(DbCommand command, object? value) => AddDbParameter(command, parameterValues: null);
    }
}
