using Clientele.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Clientele.Tests.Operations;

/// <summary>The files under deploy/.</summary>
internal static class Deployed
{
    public static string Read(string path) => Repository.Read(Path.Combine("deploy", path));

    public static YamlMappingNode Yaml(string path)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(Read(path));
        stream.Load(reader);
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    public static YamlMappingNode Map(this YamlMappingNode node, string key) => (YamlMappingNode)node.Of(key)!;

    public static string Text(this YamlMappingNode node, string key) => ((YamlScalarNode)node.Of(key)!).Value!;

    public static bool Has(this YamlMappingNode node, string key) => node.Of(key) is not null;

    public static IEnumerable<YamlMappingNode> Sequence(this YamlMappingNode node, string key) =>
        ((YamlSequenceNode)node.Of(key)!).Children.OfType<YamlMappingNode>();

    public static IEnumerable<string> Texts(this YamlMappingNode node, string key) =>
        ((YamlSequenceNode)node.Of(key)!).Children.OfType<YamlScalarNode>().Select(text => text.Value!);

    /// <summary>A member of the node itself, or else of the one that is merged into it.</summary>
    private static YamlNode? Of(this YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var own) ? own
        : node.Children.TryGetValue(new YamlScalarNode("<<"), out var merged) ? ((YamlMappingNode)merged).Of(key)
        : null;
}
