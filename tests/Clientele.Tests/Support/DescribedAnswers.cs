using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>Compares responses with what the description says about their operation.</summary>
internal sealed class DescribedAnswers(ApiDescription description)
{
    private const int InternalError = 500;

    /// <summary>The longest URL that fits into a request line of 8 KiB, with its method and version.</summary>
    private const int LongestUrl = 8150;
    private const string Batch = "/batch/";

    /// <summary>Headers that the description does not mention, because every response may have them.</summary>
    private static readonly HashSet<string> Everywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "Cache-Control", "Connection", "Content-Length", "Content-Security-Policy", "Content-Type", "Date", "Expires", "Pragma", "Referrer-Policy",
        "Strict-Transport-Security", "Transfer-Encoding", "Vary", "X-Content-Type-Options",
    };

    /// <summary>What is wrong about a response; empty if nothing is.</summary>
    public IReadOnlyList<string> Complaints(FuzzRequest request, Answer answer)
    {
        var (operation, status) = (request.Operation, (int)answer.Status);
        if (status == InternalError)
        {
            return ["an internal error"];
        }

        // The server refuses such a request before it knows the operation.
        if (status == (int)HttpStatusCode.RequestUriTooLong && request.Url.Length > LongestUrl)
        {
            return [];
        }

        if (operation.Json["responses"]?[Number(status)] is null)
        {
            return [$"the description does not have the status {status}"];
        }

        var described = description.Answer(operation, status);
        return
        [
            .. Content(described, answer), .. Headers(described, answer), .. status == 400 ? Errors(request, answer) : [], .. Taken(request, status),
        ];
    }

    private IEnumerable<string> Content(JsonObject described, Answer answer)
    {
        var type = answer.Headers.TryGetValue("Content-Type", out var full) ? full.Split(';')[0] : "";
        if (described["content"] is not JsonObject contents)
        {
            return answer.Text.Length > 0 ? ["a body, but the description has none"] : [];
        }

        if (contents[type]?["schema"] is not { } schema)
        {
            return [$"a body of the type \"{type}\", which the description does not have"];
        }

        if (type == "text/csv")
        {
            return description.Complaints(schema, JsonValue.Create(answer.Text), "body");
        }

        var values = type.EndsWith("ndjson", StringComparison.Ordinal) ? answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [answer.Text];
        return values.SelectMany(text => description.Complaints(schema, JsonNode.Parse(text), "body"));
    }

    private IEnumerable<string> Headers(JsonObject described, Answer answer)
    {
        var headers = described["headers"]?.AsObject() ?? [];
        foreach (var (name, header) in headers.Where(header => answer.Headers.ContainsKey(header.Key)))
        {
            var schema = description.Resolve(header!)["schema"]!;
            var value = answer.Headers[name];
            var json = (string?)schema["type"] == "integer" && long.TryParse(value, CultureInfo.InvariantCulture, out var number)
                ? JsonValue.Create(number)
                : JsonValue.Create(value);
            foreach (var complaint in description.Complaints(schema, json, name))
            {
                yield return complaint;
            }
        }

        foreach (var name in headers.Select(header => header.Key).Where(name => !answer.Headers.ContainsKey(name) && IsAlways(name, answer.Status)))
        {
            yield return $"the header {name} is missing";
        }

        foreach (var name in answer.Headers.Keys.Where(name => !Everywhere.Contains(name) && !headers.ContainsKey(name)))
        {
            yield return $"the description does not have the header {name}";
        }
    }

    /// <summary>Only a repetition has the first; only some of the conflicts that share a status have the second.</summary>
    private static bool IsAlways(string header, HttpStatusCode status) =>
        header != "Idempotent-Replayed" && !(header == "Retry-After" && status == HttpStatusCode.Conflict);

    /// <summary>Errors name members and parameters of the operation, or ones that the caller has invented.</summary>
    private IEnumerable<string> Errors(FuzzRequest request, Answer answer)
    {
        var errors = (answer.Json["errors"]?.AsObject() ?? []).Select(error => error.Key.TrimStart('/').Split('/', '.', '[')[0]).ToList();
        if (errors.Count == 0 && answer.Code == "validation_failed")
        {
            return ["a refusal that names no member"];
        }

        var known = Members(request).Concat(description.Parameters(request.Operation).Select(parameter => (string)parameter["name"]!))
            .Concat(request.Query.Select(part => part.Name)).Append("body").ToHashSet();
        return errors.Where(name => !known.Contains(name)).Select(name => $"an error of {name}, which neither the operation nor the request has");
    }

    private IEnumerable<string> Members(FuzzRequest request)
    {
        var described = request.Operation.Bodies.SelectMany(body => description.Resolve(body.Schema)["properties"]?.AsObject() ?? []);
        return described.Select(member => member.Key).Concat(Sent(request.Body));
    }

    private static IEnumerable<string> Sent(string? body)
    {
        try
        {
            return body is null ? [] : (JsonNode.Parse(body) as JsonObject ?? []).Select(member => member.Key).ToList();
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>
    /// What the schema does not allow is refused. A batch reports the result of each item instead. Members that only admins may write are ignored in the
    /// bodies of others.
    /// </summary>
    private static IEnumerable<string> Taken(FuzzRequest request, int status) =>
        request is { Fault: { } fault, Caller: FuzzCast.Admin } && status < 300 && !request.Operation.Path.EndsWith(Batch, StringComparison.Ordinal)
            ? [$"taken, although {fault}"]
            : [];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
