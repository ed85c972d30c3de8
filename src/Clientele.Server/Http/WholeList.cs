namespace Clientele.Server.Http;

/// <summary>
/// How the pages of a list without filters are read: in one round trip with the counter of its rows, and only the columns that it shows. EF Core would
/// recognise the query and read the counter separately, which costs more than reading the page.
/// </summary>
/// <param name="Scatter">Why the statement reads rows of all customers.</param>
/// <param name="Table">The table; its rows have an id.</param>
/// <param name="Columns">The columns, in the order in which <paramref name="Read"/> reads them.</param>
/// <param name="Read">Reads a row.</param>
/// <param name="Counter">The name of the counter.</param>
internal sealed record WholeList<TRow>(string Scatter, string Table, string Columns, Func<Row, TRow> Read, string Counter)
{
    /// <summary>The rows of a page, and the number of all rows.</summary>
    public async Task<(List<TRow> Rows, long Count)> ReadAsync<T>(
        ClienteleDb db, IEnumerable<Sort<T>> sorts, int skip, int take, CancellationToken cancellationToken)
    {
        var order = string.Join(", ", sorts.Select(sort => Order(db, sort)));

        // The first page has its limit in the text, because PostgreSQL would plan a statement with a limit that it does not know each time. For other
        // pages, rows are skipped in the index; only the rows of the page are read.
        var rows = skip == 0
            ? string.Create(CultureInfo.InvariantCulture, $"SELECT {Columns} FROM {Table} ORDER BY {order} LIMIT {take}")
            : $"""
               SELECT {Columns} FROM {Table}
               JOIN (SELECT id AS found FROM {Table} ORDER BY {order} LIMIT @take OFFSET @skip) AS page ON id = found ORDER BY {order}
               """;
        var batch = new ReadBatch($"-- scatter: {Scatter}\n{rows}", Data.Counter.Sum);
        (string Name, object Value)[] page = skip == 0 ? [] : [("@take", take), ("@skip", skip)];
        await using var results = await batch.SendAsync(db, cancellationToken, [.. page, ("@counter", Counter)]);
        return (await results.AllAsync(Read), await results.FirstAsync(row => row.Long()));
    }

    /// <summary>Missing values come last in both directions.</summary>
    private static string Order<T>(ClienteleDb db, Sort<T> sort)
    {
        var column = db.Model.FindEntityType(typeof(T))!.FindProperty(((MemberExpression)sort.Key.Selector.Body).Member.Name)!.GetColumnName();
        return (sort.Key.Nullable ? $"{column} IS NULL, " : "") + column + (sort.Descending ? " DESC" : "");
    }
}
