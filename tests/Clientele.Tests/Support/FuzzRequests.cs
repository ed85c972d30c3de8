using System.Globalization;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>
/// Makes requests for the operations of the description: their examples with some members replaced, or bodies made from the schema alone. Ids are those
/// that earlier responses contained. About a quarter of the bodies break their schema in one place.
/// </summary>
internal sealed class FuzzRequests(DescribedResources world, FuzzCast cast, KnownIds known, Random chance)
{
    private static readonly string[] OddIds = ["0", "-1", "9223372036854775807", "9223372036854775808", "nonsense", "1.5", "null", "😀", "a%b", "a b"];
    private static readonly string[] OddValues = ["", " ", "nonsense", "-1", "99999999999999999999", "1,2,x", "2025-13-45", "%", "\u202e", "1e400", ","];

    private readonly SchemaValues _values = new(world.Description, known, chance);
    private readonly Dictionary<string, string> _etags = [];
    private int _fresh;

    /// <summary>The example of the description, with ids of resources that were made for it: most likely it succeeds.</summary>
    public FuzzRequest Example(Operation operation, string caller) => new(operation, caller, world.PathOf(operation)) { Body = BodyOf(operation) };

    /// <summary>The example of an operation's body; null if it has none.</summary>
    public string? BodyOf(Operation operation) => operation.Body is null ? null : Body(operation).ToJsonString();

    /// <summary>The example, or a body made from the schema, with random values in random places.</summary>
    public FuzzRequest Varied(Operation operation, string caller, Actor actor)
    {
        var path = PathOf(operation, actor, odd: chance.Next(10) == 0);
        var request = new FuzzRequest(operation, caller, path)
        {
            Query = Query(operation),
            Headers = [.. Parameters(operation, "header").SelectMany(header => Header((string)header["name"]!, path))],
        };
        return operation.Bodies.Any() ? WithBody(request) : request;
    }

    /// <summary>Remembers the ETag of a path, for later requests to it.</summary>
    public void Learn(FuzzRequest request, Answer answer)
    {
        if (answer.Headers.TryGetValue("ETag", out var etag))
        {
            _etags[request.Path] = etag;
        }
    }

    /// <summary>The example, of a customer who exists: an admin may have erased the one that it was made for.</summary>
    private JsonObject Body(Operation operation) => world.ExampleFor(operation, cast[FuzzCast.Customer].Id);

    private string PathOf(Operation operation, Actor actor, bool odd)
    {
        var last = operation.Path.LastIndexOf('{');
        if (!odd && last >= 0 && chance.Next(2) == 0 && known.ForItem(operation.Path[..last]) is { } item)
        {
            return item + operation.Path[(operation.Path.IndexOf('}', last) + 1)..];
        }

        var segments = operation.Path.Split('/');
        return string.Join('/', segments.Select((segment, i) => segment.StartsWith('{')
            ? Uri.EscapeDataString(Id(operation, segment[1..^1], segments[i - 1], i == segments.Length - 2, actor, odd))
            : segment));
    }

    private string Id(Operation operation, string parameter, string resource, bool isLast, Actor actor, bool odd)
    {
        if (odd)
        {
            return _values.Pick(OddIds);
        }

        // A caller that stores the records of another system chooses their ids.
        if (operation.Method == "PUT" && isLast && parameter != "id" && chance.Next(2) == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"fuzz-{++_fresh}");
        }

        var isOwn = resource == "customers" && actor.Id != 0 && operation.Method != "DELETE" && chance.Next(2) == 0;
        return isOwn
            ? actor.Id.ToString(CultureInfo.InvariantCulture)
            : (known.ForPath(parameter, resource) ?? Parameters(operation, "path").Single(one => (string)one["name"]! == parameter)["example"])?.ToString()
                ?? "1";
    }

    private List<(string Name, string Value)> Query(Operation operation)
    {
        var parameters = Parameters(operation, "query").ToArray();
        chance.Shuffle(parameters);
        return
        [
            .. parameters.Take(chance.Next(4))
                .Select(parameter => ((string)parameter["name"]!, chance.Next(6) == 0 ? _values.Pick(OddValues) : Written(parameter))),
        ];
    }

    private string Written(JsonObject parameter) => _values.Valid((string)parameter["name"]!, parameter["schema"]!) switch
    {
        JsonArray items => string.Join(',', items),
        { } value => value.ToString(),
        null => "",
    };

    private IEnumerable<(string Name, string Value)> Header(string name, string path) => (name, chance.Next(3)) switch
    {
        (_, 0) => [],
        ("Idempotency-Key", _) => [(name, Guid.NewGuid().ToString())],
        (_, 1) => [(name, _etags.GetValueOrDefault(path, "\"0-0\""))],
        _ => [(name, _values.Pick(["\"0-0\"", "*", "nonsense", "\"", "W/\"1-x\""]))],
    };

    private FuzzRequest WithBody(FuzzRequest request)
    {
        var operation = request.Operation;
        var (type, schema) = _values.Pick(operation.Bodies.ToList());
        var rules = world.Description.Resolve(schema);
        var members = (rules["properties"]?.AsObject() ?? []).Select(member => member.Key).ToArray();
        var body = chance.Next(5) == 0 || type.EndsWith("ndjson", StringComparison.Ordinal)
            ? _values.Valid("", schema) as JsonObject ?? []
            : Body(operation);
        chance.Shuffle(members);
        foreach (var name in members.Take(chance.Next(3)))
        {
            body[name] = _values.Valid(name, rules["properties"]![name]!);
        }

        foreach (var name in members.Where(_ => operation.Method == "PATCH" && chance.Next(2) == 0))
        {
            body.Remove(name);
        }

        request = request with { MediaType = type };
        return type.EndsWith("json", StringComparison.Ordinal) && !type.EndsWith("ndjson", StringComparison.Ordinal) && chance.Next(4) == 0
            ? Spoilt(request, rules, body)
            : request with { Body = body.ToJsonString() + (type.EndsWith("ndjson", StringComparison.Ordinal) ? "\n" : "") };
    }

    /// <summary>The request with one thing in its body that the schema, or JSON, does not allow.</summary>
    private FuzzRequest Spoilt(FuzzRequest request, JsonObject rules, JsonObject body)
    {
        var required = (rules["required"]?.AsArray() ?? []).Select(name => (string)name!).ToList();
        var members = (rules["properties"]?.AsObject() ?? []).ToList();
        switch (chance.Next(5))
        {
            case 0:
                return request with { Body = body.ToJsonString()[..^1], Fault = "the JSON is cut off" };
            case 1 when required.Count > 0 && request.Operation.Method != "PATCH":
                var missing = _values.Pick(required);
                body.Remove(missing);
                return request with { Body = body.ToJsonString(), Fault = $"{missing} is missing" };
            case 2 when body.Count > 0:
                var (name, value) = _values.Pick(body.ToList());
                var twice = $"{{{JsonValue.Create(name).ToJsonString()}:{value?.ToJsonString() ?? "null"},{body.ToJsonString()[1..]}";
                return request with { Body = twice, Fault = $"{name} is given twice" };
            default:
                return members.Count == 0 ? request with { Body = "[]", Fault = "the body is a list" } : WithBroken(request, body, members);
        }
    }

    private FuzzRequest WithBroken(FuzzRequest request, JsonObject body, List<KeyValuePair<string, JsonNode?>> members)
    {
        var (name, schema) = _values.Pick(members);
        var broken = SchemaValues.Broken(new Member(name, world.Description.Resolve(schema!), Required: false)).ToList();
        if (broken.Count == 0)
        {
            return request with { Body = body.ToJsonString() };
        }

        var json = _values.Pick(broken);
        body.Remove(name);
        var rest = body.ToJsonString()[1..];
        var start = $"{{{JsonValue.Create(name).ToJsonString()}:{json}";
        return request with { Body = $"{start}{(rest.Length > 1 ? "," : "")}{rest}", Fault = $"{name} is {json[..Math.Min(json.Length, 60)]}" };
    }

    private IEnumerable<JsonObject> Parameters(Operation operation, string place) =>
        world.Description.Parameters(operation).Where(parameter => (string)parameter["in"]! == place);
}
