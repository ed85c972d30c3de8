using System.Text.Json;

namespace Clientele.Server.Http;

/// <summary>What PostgreSQL's planner says of a statement.</summary>
internal static class QueryPlan
{
    /// <summary>How many rows the planner expects; null where the plan is not its own, for then the number is a constant and no estimate.</summary>
    /// <param name="explained">The answer of <c>EXPLAIN (FORMAT JSON)</c>.</param>
    public static long? Rows(string explained)
    {
        using var json = JsonDocument.Parse(explained);
        var root = json.RootElement[0].GetProperty("Plan");

        // An extension that takes the whole statement over, such as Citus, says 100000 of whatever it sends to its workers.
        return root.GetProperty("Node Type").ValueEquals("Custom Scan") ? null : (long)root.GetProperty("Plan Rows").GetDouble();
    }
}
