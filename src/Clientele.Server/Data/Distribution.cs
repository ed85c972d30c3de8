using Microsoft.EntityFrameworkCore.Metadata;

namespace Clientele.Server.Data;

/// <summary>
/// The statements that distribute a PostgreSQL database over the machines of a Citus cluster, derived from the declared class of each table.
/// </summary>
internal static class Distribution
{
    private const string First = "customers";

    /// <param name="model">The model with all tables.</param>
    /// <param name="database">The name of the database.</param>
    /// <param name="role">The role that the service connects with.</param>
    public static IReadOnlyList<string> Statements(IReadOnlyModel model, string database, string role)
    {
        var tables = model.GetEntityTypes().Select(entity => (Entity: entity, Table: TableAttribute.Of(entity.ClrType)))
            .OrderBy(one => Depth(one.Entity)).ThenBy(one => one.Table.Name, StringComparer.Ordinal).ToList();
        return
        [
            "-- What a transaction sets for itself, such as a time limit, holds on the workers, too.",
            $"ALTER DATABASE {Quoted(database)} SET citus.propagate_set_commands = 'local';",
            .. Of(TableClass.Reference, one => $"SELECT create_reference_table('{one.Table.Name}');"),
            "-- What a customer owns lies with the customer. Those that others refer to come first.",
            .. Of(TableClass.Owned, Owned),
            "-- Claims lie by the value that is claimed.",
            .. Of(TableClass.Claim, one => $"SELECT create_distributed_table('{one.Table.Name}', '{Key(one.Entity)}', colocate_with => 'none');"),
            "-- Stays on the coordinator as it is:",
            .. Of(TableClass.Local, one => $"-- {one.Table.Name}"),
            "-- The shards do not know yet that these are append-only, or written once and deleted with their customer.",
            .. tables.Where(one => one.Table.Class != TableClass.Local && (one.Table.AppendOnly || one.Table.WriteOnce))
                .Select(one => $"REVOKE UPDATE, {(one.Table.AppendOnly ? "DELETE, " : "")}TRUNCATE ON {one.Table.Name} FROM {Quoted(role)};"),
        ];

        IEnumerable<string> Of(TableClass @class, Func<(IReadOnlyEntityType Entity, TableAttribute Table), string> statement) =>
            tables.Where(one => one.Table.Class == @class).Select(statement);
    }

    private static string Owned((IReadOnlyEntityType Entity, TableAttribute Table) one) =>
        $"SELECT create_distributed_table('{one.Table.Name}', '{Key(one.Entity)}', colocate_with => '{(one.Table.Name == First ? "none" : First)}');";

    /// <summary>How many foreign keys a table is away from tables without any. The customers come before all tables that are distributed with them.</summary>
    private static int Depth(IReadOnlyEntityType entity) => entity.GetTableName() == First
        ? 0
        : 1 + entity.GetForeignKeys().Select(key => key.PrincipalEntityType).Where(principal => principal != entity).Select(Depth).DefaultIfEmpty().Max();

    private static string Key(IReadOnlyEntityType entity) => entity.FindPrimaryKey()!.Properties[0].GetColumnName();

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
