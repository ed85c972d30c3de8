using Clientele.Tests.Support;
using YamlDotNet.RepresentationModel;

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

/// <summary>The files under deploy/.</summary>
internal static class Deployed
{
    public static string Read(string path) => Repository.Read(Path.Combine("deploy", path));

    public static YamlMappingNode Yaml(string path)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Read(path));
        stream.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(reader)));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    public static YamlMappingNode Map(this YamlMappingNode node, string key) => (YamlMappingNode)node.Children[new YamlScalarNode(key)];

    public static string Text(this YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[new YamlScalarNode(key)]).Value!;

    public static bool Has(this YamlMappingNode node, string key) => node.Children.ContainsKey(new YamlScalarNode(key));

    public static IEnumerable<YamlMappingNode> Sequence(this YamlMappingNode node, string key) =>
        ((YamlSequenceNode)node.Children[new YamlScalarNode(key)]).Children.OfType<YamlMappingNode>();

    public static IEnumerable<string> Texts(this YamlMappingNode node, string key) =>
        ((YamlSequenceNode)node.Children[new YamlScalarNode(key)]).Children.OfType<YamlScalarNode>().Select(text => text.Value!);
}
