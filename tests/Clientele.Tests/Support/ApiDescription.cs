using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Clientele.Tests.Support;

/// <summary>The OpenAPI description, for tests.</summary>
public sealed class ApiDescription(string text)
{
    public JsonObject Json { get; } = JsonNode.Parse(text)!.AsObject();

    public IReadOnlyList<Operation> Operations =>
    [
        .. Json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Select(method => new Operation(path.Key, method.Key.ToUpperInvariant(), method.Value!.AsObject()))),
    ];

    public static async Task<ApiDescription> OfAsync(ClienteleApp app) => new((await app.Stranger.Get("/api/schema.json")).Expect(200).Text);

    public Operation this[string name] => Operations.Single(operation => operation.Name == name);

    /// <summary>Follows a reference, also one with a description of its own (allOf) and one that may be null (oneOf).</summary>
    public JsonObject Resolve(JsonNode node)
    {
        if (node["$ref"] is { } reference)
        {
            return Resolve(((string)reference!)[2..].Split('/').Aggregate((JsonNode)Json, (at, segment) => at[segment]!));
        }

        if (node["allOf"] is JsonArray { Count: 1 } only)
        {
            return Merged(node, Resolve(only[0]!));
        }

        if (node["oneOf"] is JsonArray { Count: 2 } choices && (string?)choices[1]!["type"] == "null")
        {
            var choice = Merged(node, Resolve(choices[0]!));
            choice["type"] = new JsonArray(choice["type"]!.DeepClone(), "null");
            return choice;
        }

        return node.AsObject();
    }

    private static JsonObject Merged(JsonNode node, JsonObject target)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, value) in node.AsObject().Where(member => member.Key is not ("allOf" or "oneOf")))
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }

    public IEnumerable<JsonObject> Parameters(Operation operation) => (operation.Json["parameters"]?.AsArray() ?? []).Select(parameter => Resolve(parameter!));

    public JsonObject Answer(Operation operation, int status) =>
        Resolve(operation.Json["responses"]?[$"{status}"] ?? throw new InvalidOperationException($"{operation} does not describe {status}."));

    /// <summary>The differences between a response and its schema, in both directions.</summary>
    public IEnumerable<string> Complaints(JsonNode schema, JsonNode? value, string at = "")
    {
        var rules = Resolve(schema);
        if (rules["anyOf"] is { } choices)
        {
            if (value is null && rules["type"] is JsonArray allowed && allowed.Any(type => (string?)type == "null"))
            {
                return [];
            }

            var each = choices.AsArray().Select(choice => Complaints(choice!, value, at).ToList()).ToList();
            return each.Exists(complaints => complaints.Count == 0) ? [] : each.SelectMany(complaints => complaints).Append($"{at} fits none");
        }

        var types = rules["type"] is JsonArray several ? several.Select(type => (string)type!).ToArray() : rules["type"] is { } one ? [(string)one!] : [];
        var kind = value?.GetValueKind() switch
        {
            null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        if (types.Length > 0 && !types.Contains(kind) && !(kind == "integer" && types.Contains("number")))
        {
            return [$"{at} is {kind}, not {string.Join(" or ", types)}"];
        }

        return kind switch
        {
            "object" => Members(rules, value!.AsObject(), at),
            "array" => Items(rules, value!.AsArray(), at),
            "string" => Text(rules, (string)value!, at),
            "integer" or "number" => Number(rules, value!, at),
            _ => [],
        };
    }

    private IEnumerable<string> Members(JsonObject rules, JsonObject value, string at)
    {
        if (rules["properties"] is not JsonObject members)
        {
            return rules["additionalProperties"] is { } any ? value.SelectMany(member => Complaints(any, member.Value, $"{at}.{member.Key}")) : [];
        }

        return (rules["required"]?.AsArray() ?? []).Where(name => !value.ContainsKey((string)name!)).Select(name => $"{at}.{name} is missing")
            .Concat(value.Where(member => !members.ContainsKey(member.Key)).Select(member => $"{at}.{member.Key} is not described"))
            .Concat(value.Where(member => members.ContainsKey(member.Key))
                .SelectMany(member => Complaints(members[member.Key]!, member.Value, $"{at}.{member.Key}")));
    }

    private IEnumerable<string> Items(JsonObject rules, JsonArray value, string at)
    {
        var tooMany = (int?)rules["maxItems"] is { } most && value.Count > most ? [$"{at} has {value.Count} items, more than {most}"] : Array.Empty<string>();
        return rules["items"] is { } items ? tooMany.Concat(value.SelectMany((item, i) => Complaints(items, item, $"{at}[{i}]"))) : tooMany;
    }

    private static IEnumerable<string> Number(JsonObject rules, JsonNode value, string at)
    {
        var number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
        return number < ((double?)rules["minimum"] ?? double.MinValue) || number > ((double?)rules["maximum"] ?? double.MaxValue)
            ? [$"{at} is {value.ToJsonString()}, outside {rules["minimum"]} to {rules["maximum"]}"]
            : [];
    }

    private static IEnumerable<string> Text(JsonObject rules, string text, string at)
    {
        if ((int?)rules["maxLength"] is { } longest && text.EnumerateRunes().Count() > longest)
        {
            return [$"{at} is longer than {longest}"];
        }

        if (rules["enum"] is JsonArray closed && !closed.Any(value => (string)value! == text))
        {
            return [$"{at} is {text}, not one of {closed.ToJsonString()}"];
        }

        var form = (string?)rules["format"] switch
        {
            "date" => @"^\d{4}-\d\d-\d\d$",
            "date-time" => @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$",
            "uuid" => "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$",
            _ => (string?)rules["pattern"] ?? "",
        };
        return Regex.IsMatch(text, form, RegexOptions.None, TimeSpan.FromSeconds(1)) ? [] : [$"{at} is {text}, which does not match {form}"];
    }
}

/// <summary>One operation of the description.</summary>
public sealed record Operation(string Path, string Method, JsonObject Json)
{
    public string Name => (string)Json["operationId"]!;

    /// <summary>The schema of its JSON body, if it has one.</summary>
    public JsonNode? Body => Json["requestBody"]?["content"]?["application/json"]?["schema"];

    /// <summary>The types that its body may have, each with its schema.</summary>
    public IEnumerable<(string Type, JsonNode Schema)> Bodies =>
        (Json["requestBody"]?["content"]?.AsObject() ?? []).Where(body => body.Value!["schema"] is not null)
            .Select(body => (body.Key, body.Value!["schema"]!));

    /// <summary>A copy of the example of its body.</summary>
    public JsonObject Example => Json["requestBody"]!["content"]!["application/json"]!["example"]!.DeepClone().AsObject();

    public override string ToString() => $"{Method} {Path}";
}
