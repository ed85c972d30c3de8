using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>Ids, names and other values that responses contained, by resource and by member. Later requests use them.</summary>
internal sealed class KnownIds(Random chance)
{
    private const int Most = 40;
    private const int Rows = 5;
    private static readonly string[] Keys = ["id", "name", "code"];

    private readonly Dictionary<string, List<JsonNode>> _values = [];

    /// <summary>Remembers the values in a response. The resource is the last part of the operation's path that is no parameter.</summary>
    public void Learn(FuzzRequest request, JsonNode? answer)
    {
        var resource = request.Operation.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Last(part => !part.StartsWith('{'));
        var rows = answer is JsonObject ? answer["results"] ?? answer : answer;
        Learn(resource, rows);
        foreach (var row in (rows as JsonArray ?? []).OfType<JsonObject>().Take(Rows))
        {
            if (Keys.Select(key => row[key]).FirstOrDefault(key => key is not null) is { } id)
            {
                Add(request.Operation.Path, JsonValue.Create($"{request.Path}{Uri.EscapeDataString(id.ToString())}"));
            }
        }
    }

    /// <summary>The path of a row of a list, without its last slash: all its ids belong together.</summary>
    public string? ForItem(string list) => (string?)Pick(list);

    /// <summary>A value of a path's parameter: by its own name, or by the resource before it.</summary>
    public JsonNode? ForPath(string parameter, string resource) => (parameter == "id" ? null : Pick(parameter)) ?? Pick(resource);

    /// <summary>A value of a member or parameter that is named after a value in a response, or after a resource: customer, customer_ids, in_group.</summary>
    public JsonNode? ForMember(string name)
    {
        var noun = name.Replace("_ids", "", StringComparison.Ordinal).Replace("_id", "", StringComparison.Ordinal).Replace("in_", "", StringComparison.Ordinal);
        return (noun == name ? null : Pick($"{noun}s")) ?? Pick($"{name}s") ?? Pick(name);
    }

    private void Learn(string name, JsonNode? value)
    {
        switch (value)
        {
            case JsonArray items:
                foreach (var item in items.Take(Rows))
                {
                    Learn(name, item);
                }

                break;
            case JsonObject members:
                if (Keys.Select(key => members[key]).FirstOrDefault(key => key is not null) is { } id)
                {
                    Add(name, id);
                }

                foreach (var (member, inner) in members)
                {
                    Learn(member, inner);
                }

                break;
            case JsonValue text when name is "next" or "previous" && text.GetValueKind() == JsonValueKind.String:
                LearnCursor((string)text!);
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.String or JsonValueKind.Number:
                Add(name, scalar);
                break;
        }
    }

    private void LearnCursor(string link)
    {
        const string parameter = "cursor=";
        if (link.IndexOf(parameter, StringComparison.Ordinal) is var at and >= 0)
        {
            Add("cursor", Uri.UnescapeDataString(link[(at + parameter.Length)..].Split('&')[0]));
        }
    }

    /// <summary>Once there are many values, a new one replaces a random one.</summary>
    private void Add(string name, JsonNode value)
    {
        var values = _values.TryGetValue(name, out var known) ? known : _values[name] = [];
        if (values.Count < Most)
        {
            values.Add(value.DeepClone());
        }
        else
        {
            values[chance.Next(Most)] = value.DeepClone();
        }
    }

    private JsonNode? Pick(string name) => _values.TryGetValue(name, out var values) ? values[chance.Next(values.Count)].DeepClone() : null;
}
