namespace Clientele.Tests.Operations;

/// <summary>An alert in deploy/prometheus/alerts.yaml.</summary>
internal sealed record AlertRule(string Name, string Expression, string Severity, string Summary, string Runbook)
{
    public static IReadOnlyList<AlertRule> All() =>
    [
        .. from @group in Deployed.Yaml("prometheus/alerts.yaml").Sequence("groups")
           from rule in @group.Sequence("rules")
           select new AlertRule(
               rule.Text("alert"), rule.Text("expr"), rule.Map("labels").Text("severity"), rule.Map("annotations").Text("summary"),
               rule.Map("annotations").Text("runbook")),
    ];
}
