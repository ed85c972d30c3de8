using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>Sends invalid requests to its own app, as an admin who may do everything, and records wrong responses.</summary>
public sealed class Nonsense : IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private ClienteleApp? _own;
    private DescribedResources? _world;
    private int _requests;

    public DescribedResources World => _world!;

    public async ValueTask InitializeAsync()
    {
        var options = new ClienteleAppOptions();
        foreach (var limit in new[] { "SignInPerAccountAndNetwork", "SignInPerNetwork", "SignInPerAccount" })
        {
            options.Settings[$"RateLimits:{limit}"] = "1000000";
        }

        _own = await ClienteleApp.StartAsync(options);
        _world = await DescribedResources.CreateAsync(_own);
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    /// <summary>A value of each type that the member does not have.</summary>
    public static IEnumerable<string> Others(Member member) =>
        new[] { ("object", "{\"a\": [1]}"), ("array", "[{}]"), ("boolean", "true"), ("number", "1.5"), ("integer", "7"), ("string", "\"nonsense\"") }
            .Where(value => !member.Takes(value.Item1) && !(value.Item1 == "integer" && member.Takes("number"))).Select(value => value.Item2);

    public IEnumerable<Operation> WithBody() => World.Description.Operations.Where(operation => operation.Body is not null);

    public IEnumerable<JsonObject> Query(Operation operation) =>
        World.Description.Parameters(operation).Where(parameter => (string)parameter["in"]! == "query");

    public IReadOnlyList<Member> Members(Operation operation) => Members(World.Description.Resolve(operation.Body!));

    public IReadOnlyList<Member> Members(JsonObject schema)
    {
        var required = (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).ToHashSet();
        return [.. schema["properties"]!.AsObject()
            .Select(member => new Member(member.Key, World.Description.Resolve(member.Value!), required.Contains(member.Key)))];
    }

    /// <summary>The example with another password than the admin's, because the rest of the test needs the admin's account.</summary>
    public JsonObject Valid(Operation operation)
    {
        var body = World.ExampleFor(operation);
        if (operation.Name == "ChangePassword")
        {
            body["old_password"] = "not-the-password-of-anybody";
        }

        return body;
    }

    /// <summary>The example with one member set to this JSON text, well-formed or not.</summary>
    public string With(Operation operation, string member, string json)
    {
        var body = Valid(operation);
        body.Remove(member);
        var rest = body.ToJsonString()[1..];
        return $"{{\"{member}\": {json}{(rest.Length > 1 ? "," : "")}{rest}";
    }

    /// <summary>The example with one member of a list's first item set to this JSON text, or left out.</summary>
    public string WithInItem(Operation operation, string list, string member, string? json)
    {
        var item = Valid(operation)[list]![0]!.AsObject();
        item.Remove(member);
        var rest = item.ToJsonString()[1..];
        return With(operation, list, json is null ? $"[{{{rest}]" : $"[{{\"{member}\": {json}{(rest.Length > 1 ? "," : "")}{rest}]");
    }

    public static string Nested(string valid, string open, string close) =>
        $"{{\"unknown\": {string.Concat(Enumerable.Repeat(open, 2000))}1{string.Concat(Enumerable.Repeat(close, 2000))},{valid[1..]}";

    public static ByteArrayContent Content(string text, string type = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    public async Task RefusedAsync(Operation operation, string body, string member)
    {
        using var content = Content(body);
        await NoteAsync(operation, body, content, 400, member);
    }

    public async Task NoteAsync(Operation operation, string what, HttpContent? content, int? expected, string? member, params (string, string)[] headers) =>
        Note(operation, what, await World.Admin.SendContent(new HttpMethod(operation.Method), World.PathOf(operation), content, headers), expected, member);

    /// <summary>Sends values of each member, also of those in a list's first item.</summary>
    public async Task EachMemberAsync(Operation operation, Func<Member, IEnumerable<string>> values)
    {
        foreach (var member in Members(operation))
        {
            foreach (var value in values(member))
            {
                await TakenOrRefusedAsync(operation, With(operation, member.Name, value), member.Name);
            }

            var item = member.Schema["items"] is { } items ? World.Description.Resolve(items) : null;
            foreach (var inner in item?["properties"] is null ? [] : Members(item))
            {
                foreach (var value in values(inner))
                {
                    await TakenOrRefusedAsync(operation, WithInItem(operation, member.Name, inner.Name, value), $"{member.Name}/0/{inner.Name}");
                }
            }
        }
    }

    /// <summary>A value is accepted, or refused with the name of its member; a batch reports the result of each item.</summary>
    public async Task TakenOrRefusedAsync(Operation operation, string body, string member)
    {
        using var content = Content(body);
        var answer = await World.Admin.SendContent(new HttpMethod(operation.Method), World.PathOf(operation), content);
        var errors = (int)answer.Status == 400 ? answer.Json["errors"]?.AsObject().Select(error => error.Key) : null;
        var named = errors?.FirstOrDefault(key => key.StartsWith(member, StringComparison.Ordinal) || member.StartsWith(key, StringComparison.Ordinal));
        Note(operation, body, answer, (int)answer.Status == 400 ? 400 : null, operation.Name == "PutOrders" ? null : named ?? member);
    }

    public async Task AskAsync(Operation operation, string query, int? expected, string? member = null) =>
        Note(operation, query, await World.Admin.Get($"{World.PathOf(operation)}?{query}"), expected, member);

    public void Note(Operation operation, string what, Answer answer, int? expected, string? member)
    {
        _requests++;
        var status = (int)answer.Status;
        var isProblem = status < 400
            || (answer.Headers.TryGetValue("Content-Type", out var type) && type.StartsWith("application/problem+json", StringComparison.Ordinal));
        var isNamed = member is null || status != 400 || answer.Json["errors"]?[member] is not null;
        if (status >= 500
            || (status == 401 && operation.Name is not ("CreateToken" or "CreateTokenWithFactor" or "CreatePasskeyToken" or "RefreshToken"))
            || (expected is not null && status != expected) || !isProblem
            || (expected == 400 && !isNamed))
        {
            var sent = what.Length > 200 ? what[..200] + "…" : what;
            _complaints.Add($"{operation} <- {sent}: {status} instead of {expected} for {member}: {answer.Text[..Math.Min(answer.Text.Length, 300)]}");
        }
    }

    /// <summary>Ends a test: fails if anything was recorded since the previous test.</summary>
    public void AssertNothingBroke()
    {
        var (sent, complaints) = (_requests, _complaints.ToList());
        _requests = 0;
        _complaints.Clear();
        Assert.True(sent > 10, "Nothing was sent.");
        Assert.True(complaints.Count == 0, string.Join('\n', complaints.Take(20).Prepend($"{complaints.Count} of {sent} answers are wrong:")));
    }
}

/// <summary>A member of a body, with its schema.</summary>
public sealed record Member(string Name, JsonObject Schema, bool Required)
{
    public bool Takes(string type) =>
        (type is "integer" or "number" && ((string?)Schema["description"])?.Contains("A number is accepted", StringComparison.Ordinal) == true)
        || (Schema["type"] is JsonArray several ? several.Any(one => (string)one! == type) : (string)Schema["type"]! == type);

    /// <summary>Values of the right type that the schema does not allow.</summary>
    public IEnumerable<string> Impossible()
    {
        string[] values = (string?)Schema["format"] switch
        {
            "date" => ["\"nonsense\"", "\"\"", "\"2025-02-30\"", "\"2025-10-01T00:00:00Z\"", "\"01/02/2025\"", "\"0000-00-00\""],
            "int64" => ["9223372036854775808", "-99999999999999999999", "1e400", "1.5", "\"1\""],
            "int32" => ["2147483648", "-99999999999", "1e400", "1.5", "\"1\""],
            "date-time" =>
            [
                "\"nonsense\"", "\"\"", "\"2025-10-01\"", "\"2025-10-01T00:00:00\"", "\"2025-02-30T00:00:00Z\"",
                "\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00+14:00\"",
            ],
            _ when Schema["enum"] is not null => ["\"nonsense\"", "\"\"", "\"SHIPPING\""],
            _ when Schema["pattern"] is not null =>
            [
                "\"nonsense\"", "\"\"", "\"1.234\"", "1.234", "1e400", "\"1,50\"", "\"NaN\"", "99999999999999999999999999999", "-1",
            ],
            _ => [],
        };
        return values;
    }
}
