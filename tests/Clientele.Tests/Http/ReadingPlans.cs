using Clientele.Server.Http;

namespace Clientele.Tests.Http;

/// <summary>A plan's number of rows is used only if it is a real estimate.</summary>
[Trait("Database", "Any")]
public sealed class ReadingPlans
{
    [Fact]
    public void What_the_planner_expects_is_an_estimate() => Assert.Equal(
        4321,
        QueryPlan.Rows("""[{"Plan": {"Node Type": "Seq Scan", "Parallel Aware": false, "Relation Name": "customers","""
            + """ "Startup Cost": 0.00, "Total Cost": 12.75, "Plan Rows": 4321, "Plan Width": 4}}]"""));

    [Fact]
    public void What_an_extension_says_for_a_whole_statement_is_none() => Assert.Null(QueryPlan.Rows(
        """
        [{"Plan": {"Node Type": "Custom Scan", "Custom Plan Provider": "Citus Adaptive", "Parallel Aware": false,
          "Startup Cost": 0.00, "Total Cost": 0.00, "Plan Rows": 100000, "Plan Width": 4,
          "Distributed Query": {"Job": {"Task Count": 32, "Tasks Shown": "One of 32", "Tasks": [{"Node": "host=127.0.0.1 port=9701 dbname=clientele",
            "Remote Plan": [[{"Plan": {"Node Type": "Seq Scan", "Relation Name": "customers_102009", "Plan Rows": 31}}]]}]}}}}]
        """));
}
