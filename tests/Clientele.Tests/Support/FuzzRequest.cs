using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>A request of the fuzzer.</summary>
/// <param name="Operation">The operation of the description.</param>
/// <param name="Caller">Who sends it, one of <see cref="FuzzCast.Callers"/>.</param>
/// <param name="Path">The path with its values.</param>
internal sealed record FuzzRequest(Operation Operation, string Caller, string Path)
{
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string? Body { get; init; }

    public string MediaType { get; init; } = "application/json";

    /// <summary>What the description does not allow about the body; null if it may be valid.</summary>
    public string? Fault { get; init; }

    public string Url =>
        Query.Count == 0 ? Path : $"{Path}?{string.Join('&', Query.Select(part => $"{Uri.EscapeDataString(part.Name)}={Uri.EscapeDataString(part.Value)}"))}";

    /// <summary>The value of a header that the request sends, or null.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name == name).Value;

    /// <summary>The request as a line for the shell. The caller's access token is in a variable that has the caller's name.</summary>
    public string ToCurl(Uri address)
    {
        string[] parts =
        [
            $"curl -i -X {Operation.Method} {Quoted(new Uri(address, Url).AbsoluteUri)}",
            .. Caller == FuzzCast.Anonymous ? Array.Empty<string>() : [$"-H \"Authorization: Bearer ${Caller}\""],
            .. Headers.Select(header => $"-H {Quoted($"{header.Name}: {header.Value}")}"),
            .. Body is null ? Array.Empty<string>() : [$"-H {Quoted($"Content-Type: {MediaType}")}", $"--data-binary {Quoted(Body)}"],
        ];
        return string.Join(' ', parts);
    }

    /// <summary>The same request with one part less: a header, a parameter, or a member or item of the body, each in turn.</summary>
    public IEnumerable<FuzzRequest> Smaller() =>
        Headers.Select(header => this with { Headers = [.. Headers.Where(other => other != header)] })
            .Concat(Query.Select(part => this with { Query = [.. Query.Where(other => other != part)] }))
            .Concat(Fault is null ? Without(Parsed).Select(smaller => this with { Body = smaller.ToJsonString() }) : []);

    private JsonNode? Parsed
    {
        get
        {
            try
            {
                return Body is null ? null : JsonNode.Parse(Body);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>Copies with one member or item less, at any depth, the outer ones first.</summary>
    private static IEnumerable<JsonNode> Without(JsonNode? node)
    {
        for (var i = 0; i < (node as JsonArray)?.Count; i++)
        {
            var copy = node.DeepClone().AsArray();
            copy.RemoveAt(i);
            yield return copy;
        }

        foreach (var (name, _) in node as JsonObject ?? [])
        {
            var copy = node!.DeepClone().AsObject();
            copy.Remove(name);
            yield return copy;
        }

        foreach (var (name, value) in node as JsonObject ?? [])
        {
            foreach (var smaller in Without(value))
            {
                var copy = node!.DeepClone().AsObject();
                copy[name] = smaller;
                yield return copy;
            }
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
