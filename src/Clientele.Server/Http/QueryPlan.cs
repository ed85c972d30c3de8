namespace Clientele.Server.Http;

/// <summary>Reads what PostgreSQL's planner estimates for a statement.</summary>
internal static class QueryPlan
{
    /// <summary>
    /// The number of rows that the planner expects; null if an extension made the plan, because the number is then a constant and not an estimate.
    /// </summary>
    /// <param name="explained">The result of <c>EXPLAIN (FORMAT JSON)</c>.</param>
    public static long? Rows(string explained)
    {
        var root = JsonElement.Parse(explained)[0].GetProperty("Plan");

        // An extension that plans the whole statement, such as Citus, reports 100000 rows for anything it sends to its workers.
        return root.GetProperty("Node Type").ValueEquals("Custom Scan") ? null : (long)root.GetProperty("Plan Rows").GetDouble();
    }
}
