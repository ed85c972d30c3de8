using System.Globalization;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

internal sealed record Column(string Name, string Type, string? Default, bool IsGenerated);

internal sealed record ForeignKey(string To, IReadOnlyList<string> Columns, IReadOnlyList<string> ToColumns);

/// <summary>What the catalogues of the two databases say about their tables, in the same form.</summary>
internal static class Catalogue
{
    private static bool IsSqlite => TestDatabase.Kind is DatabaseKind.Sqlite;

    public static async Task<IReadOnlyList<Column>> ColumnsAsync(this TestDatabase database, string table) =>
    [
        .. (await database.QueryAsync(IsSqlite
            ? $"SELECT name, type, dflt_value, hidden > 0 FROM pragma_table_xinfo('{table}')"
            : "SELECT column_name::text, data_type::text, column_default::text, (is_identity = 'YES' OR is_generated <> 'NEVER')::int "
                + $"FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"))
        .Select(row => new Column((string)row[0], (string)row[1], row[2] as string, Convert.ToInt64(row[3], CultureInfo.InvariantCulture) > 0)),
    ];

    public static async Task<IReadOnlyList<string>> PrimaryKeyAsync(this TestDatabase database, string table) =>
    [
        .. (await database.QueryAsync(IsSqlite
            ? $"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"
            : "SELECT a.attname::text "
                + "FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place) "
                + "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number "
                + $"WHERE i.indrelid = '{table}'::regclass AND i.indisprimary ORDER BY k.place"))
        .Select(row => (string)row[0]),
    ];

    /// <summary>The columns of each unique index, including the primary key.</summary>
    public static async Task<IReadOnlyList<string[]>> UniqueIndexesAsync(this TestDatabase database, string table) =>
    [
        .. (await database.QueryAsync(IsSqlite
            ? $"SELECT l.name, coalesce(i.name, '(expression)') FROM pragma_index_list('{table}') l "
                + "JOIN pragma_index_info(l.name) i WHERE l.\"unique\" ORDER BY l.name, i.seqno"
            : "SELECT i.indexrelid::regclass::text, coalesce(a.attname::text, '(expression)') "
                + "FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place) "
                + "LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number "
                + $"WHERE i.indrelid = '{table}'::regclass AND i.indisunique ORDER BY 1, k.place"))
        .GroupBy(row => (string)row[0], row => (string)row[1]).Select(index => index.ToArray()),
    ];

    public static async Task<IReadOnlyList<ForeignKey>> ForeignKeysAsync(this TestDatabase database, string table) =>
    [
        .. (await database.QueryAsync(IsSqlite
            ? $"SELECT CAST(id AS TEXT), \"table\", \"from\", \"to\" FROM pragma_foreign_key_list('{table}') ORDER BY id, seq"
            : "SELECT c.oid::text, c.confrelid::regclass::text, a.attname::text, b.attname::text "
                + "FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(own, other, place) "
                + "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own "
                + "JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.other "
                + $"WHERE c.conrelid = '{table}'::regclass AND c.contype = 'f' ORDER BY c.oid, k.place"))
        .GroupBy(row => (string)row[0])
        .Select(key => new ForeignKey((string)key.First()[1], [.. key.Select(row => (string)row[2])], [.. key.Select(row => (string)row[3])])),
    ];

    public static async Task<IReadOnlyList<string>> TriggersAsync(this TestDatabase database) =>
    [
        .. (await database.QueryAsync(IsSqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            : "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal"))
        .Select(row => (string)row[0]),
    ];
}
