using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Clientele.Server.Http;

/// <summary>The doc comments of the API's records, which the build embeds. They become the texts of the API description.</summary>
internal static partial class OpenApiTexts
{
    private static readonly Dictionary<string, XElement> Members = Load();

    public static string? Summary(Type type) => Text(Find($"T:{Name(type)}")?.Element("summary"));

    public static string? Summary(FieldInfo constant) => Text(Find($"F:{Name(constant.DeclaringType!)}.{constant.Name}")?.Element("summary"));

    public static string? Summary(JsonPropertyInfo property) => Text(Find(property)?.Element("summary"));

    /// <summary>The example as written: JSON, or the plain text of a string.</summary>
    public static string? Example(JsonPropertyInfo property) => Find(property)?.Element("example")?.Value.Trim();

    private static XElement? Find(JsonPropertyInfo property) =>
        property.AttributeProvider is MemberInfo member ? Find($"P:{Name(member.DeclaringType!)}.{member.Name}") : null;

    private static XElement? Find(string id) => Members.GetValueOrDefault(id);

    private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? element) => element is null
        ? null
        : Whitespace().Replace(string.Concat(element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => other.Value,
            _ => (node as XText)?.Value,
        })), " ").Trim();

    private static Dictionary<string, XElement> Load()
    {
        var client = typeof(ProblemBody).Assembly;
        using var xml = typeof(OpenApiTexts).Assembly.GetManifestResourceStream($"{client.GetName().Name}.xml")!;
        return XDocument.Load(xml).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
