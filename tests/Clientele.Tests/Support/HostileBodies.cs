using System.Text;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>Bodies of about a given size, meant to cost the receiver far more than the sender.</summary>
internal static class HostileBodies
{
    private const string Bad = "\"\\u0000\"";
    private const string HalfPair = "\"\\ud800\"";

    /// <summary>All shapes for an operation, each with its name.</summary>
    public static IEnumerable<(string Name, string Body)> For(Operation operation, ApiDescription description, JsonObject valid, int size)
    {
        foreach (var (name, members) in AnyObject(size))
        {
            yield return (name, With(valid, null, members));
        }

        foreach (var (path, schema) in Members(description, operation.Body!, ""))
        {
            foreach (var (name, json) in Values(path, schema, Example(valid, path), size))
            {
                yield return ($"{path}: {name}", With(valid, path, json));
            }
        }
    }

    /// <summary>Members that no operation has.</summary>
    private static IEnumerable<(string Name, string Members)> AnyObject(int size)
    {
        yield return ("a long name with a list of bad texts", $"\"{new string('x', size / 2)}\": {List(Bad, size / 2)}");
        yield return ("a long name with a list of halves of pairs", $"\"{new string('x', size / 2)}\": {List(HalfPair, size / 2)}");
        yield return ("a long name with a list of zeros", $"\"{new string('x', size / 2)}\": {List("0", size / 2)}");
        yield return ("a long name with a list of numbered objects", $"\"{new string('x', size / 2)}\": {List("{\"a\":0}", size / 2)}");
        yield return ("long names in each other, with bad texts", Nested(size, Bad));
        yield return ("long names in each other, with zeros", Nested(size, "0"));
        yield return ("one member again and again", Many(size, _ => "\"a\":0"));
        yield return ("one long member again and again", Many(size, _ => $"\"{new string('a', 1000)}\":0"));
        yield return ("many members", Many(size, i => $"\"{i:x}\":0"));
        yield return ("many bad names", Many(size, i => $"\"{i:x}\\u0000\":0"));
        yield return ("many bad members", Many(size, i => $"\"{i:x}\":{Bad}"));
        yield return ("lists in lists", $"\"a\": {List(string.Concat(Enumerable.Repeat("[", 20)) + string.Concat(Enumerable.Repeat("]", 20)), size)}");
        yield return ("marks in a name", $"\"a{Marks(size)}\": 0");
        yield return ("digits", $"\"a\": {new string('9', size)}");
    }

    private static IEnumerable<(string Name, string Json)> Values(string path, JsonObject schema, JsonNode? example, int size)
    {
        yield return ("a text of marks", $"\"a{Marks(size)}\"");
        yield return ("a text of letters with marks", $"\"{string.Concat(Enumerable.Repeat("a" + Marks(50), size / 51))}\"");
        yield return ("a long text", $"\"{new string('x', size)}\"");
        yield return ("a text of digits", $"\"{new string('7', size)}\"");
        yield return ("digits", new string('7', size));
        yield return ("small digits", $"0.{new string('0', size)}1");
        yield return ("a long exponent", $"1e{new string('7', size)}");
        if (Is(schema, "array"))
        {
            yield return ("a long list", List(example?[0]?.ToJsonString() ?? "0", size));
            foreach (var item in new[] { "null", "{}", "[]", "0", "\"\"", "\"x\"", HalfPair, "1.5" })
            {
                yield return ($"a long list of {item}", List(item, size));
            }
        }

        if (Is(schema, "object"))
        {
            foreach (var (name, members) in AnyObject(size))
            {
                yield return (name, $"{{{members}}}");
            }

            yield return ("many texts", $"{{{Many(size, i => $"\"{i:x}\":\"x\"")}}}");
        }

        if (path == "assignment_rules")
        {
            var condition = "{\"field\":\"first_name\",\"op\":\"in\",\"value\":";
            yield return ("a wide rule", $"{{\"all\":{List("{\"field\":\"is_vip\",\"op\":\"eq\",\"value\":true}", size)}}}");
            yield return ("a wide rule of nothing", $"{{\"all\":{List("0", size)}}}");
            yield return ("a rule of many kinds", $"{{\"all\":{List("{\"all\":[],\"any\":[],\"none\":[]}", size)}}}");
            yield return ("many values", $"{condition}{List("\"x\"", size)}}}");
            yield return ("many values of marks", $"{condition}{List($"\"a{Marks(60)}\"", size)}}}");
            yield return ("many bad values", $"{condition}{List("0", size)}}}");
            yield return ("a long value", $"{condition}[\"{new string('x', size)}\"]}}");
            yield return ("a long field", $"{{\"field\":\"metadata.{new string('x', size)}\",\"op\":\"is_set\"}}");
            yield return ("a long unknown member", $"{{\"field\":\"is_vip\",\"op\":\"is_set\",\"{new string('/', size)}\":0}}");
        }
    }

    /// <summary>The members of a body, including nested ones, by their path.</summary>
    private static IEnumerable<(string Path, JsonObject Schema)> Members(ApiDescription description, JsonNode schema, string prefix)
    {
        foreach (var (name, member) in description.Resolve(schema)["properties"]?.AsObject() ?? [])
        {
            var resolved = description.Resolve(member!);
            yield return (prefix + name, resolved);
            if (resolved["items"] is { } items && prefix.Length == 0)
            {
                foreach (var inner in Members(description, items, $"{name}[0]."))
                {
                    yield return inner;
                }
            }
        }
    }

    private static bool Is(JsonObject schema, string type) =>
        schema["type"] is JsonArray several
            ? several.Any(one => (string)one! == type)
            : (string?)schema["type"] == type || (type == "object" && schema["type"] is null);

    private static JsonNode? Example(JsonObject valid, string path) => path.Split("[0].") is [var list, var member] ? valid[list]?[0]?[member] : valid[path];

    /// <summary>The body with the member set to this JSON text; if there is no member, these members are put first.</summary>
    private static string With(JsonObject valid, string? path, string json)
    {
        if (path is null)
        {
            return $"{{{json},{valid.ToJsonString()[1..]}".Replace(",}", "}", StringComparison.Ordinal);
        }

        const string here = "\"PUT IT HERE\"";
        var body = valid.DeepClone().AsObject();
        if (path.Split("[0].") is [var list, var member])
        {
            if (body[list] is not JsonArray { Count: > 0 } items)
            {
                body[list] = items = [new JsonObject()];
            }

            items[0]![member] = "PUT IT HERE";
        }
        else
        {
            body[path] = "PUT IT HERE";
        }

        return body.ToJsonString().Replace(here, json, StringComparison.Ordinal);
    }

    private static string Nested(int size, string item)
    {
        const int depth = 28;
        var name = new string('x', size / 2 / depth);
        return $"{string.Concat(Enumerable.Repeat($"\"{name}\":{{", depth))}\"a\":{List(item, size / 2)}{new string('}', depth)}";
    }

    private static string Many(int size, Func<int, string> member)
    {
        var text = new StringBuilder(size);
        for (var i = 0; text.Length < size; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(member(i));
        }

        return text.ToString();
    }

    private static string List(string item, int size) => $"[{Many(size, _ => item)}]";

    /// <summary>Marks above and below in turn: normalisation moves all that are below before all that are above.</summary>
    public static string Marks(int size) => string.Concat(Enumerable.Repeat("\u0301\u0316", size / 4));
}
