using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>
/// Every operation of the description gets every kind of nonsense, one at a time: whatever comes, the service does not break,
/// and says what was wrong with which member.
/// </summary>
public sealed class SendingNonsense : IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private ClienteleApp? _own;
    private DescribedWorld? _world;
    private int _requests;

    private DescribedWorld World => _world!;

    public async ValueTask InitializeAsync()
    {
        var options = new ClienteleAppOptions();
        foreach (var limit in new[] { "SignInPerAccountAndNetwork", "SignInPerNetwork", "SignInPerAccount" })
        {
            options.Settings[$"RateLimits:{limit}"] = "1000000";
        }

        _own = await ClienteleApp.StartAsync(options);
        _world = await DescribedWorld.CreateAsync(_own);
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_body_that_is_no_object_is_refused()
    {
        foreach (var operation in WithBody())
        {
            var valid = Valid(operation).ToJsonString();
            foreach (var text in new[] { "{", valid[..^1], valid + "}", "[]", $"[{valid}]", "null", "1", "\"text\"", "NaN", "{\"a\": NaN}", "{'a': 1}", "{\"a\": 1,}", "\uFEFF" })
            {
                await RefusedAsync(operation, text, "body");
            }

            await RefusedAsync(operation, Nested(valid, "[", "]"), "body");
            await RefusedAsync(operation, Nested(valid, "{\"a\":", "}"), "body");
        }

        AssertNothingBroke();
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        foreach (var operation in WithBody())
        {
            foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml" })
            {
                using var content = Content(Valid(operation).ToJsonString(), type);
                await NoteAsync(operation, type, content, 415, null);
            }
        }

        AssertNothingBroke();
    }

    [Fact]
    public async Task Text_that_cannot_be_stored_is_refused()
    {
        foreach (var operation in WithBody())
        {
            foreach (var member in Members(operation).Where(member => member.Takes("string")))
            {
                foreach (var escape in new[] { "\\u0000", "a\\u0000b", "\\ud800", "\\udc00\\ud800" })
                {
                    await RefusedAsync(operation, With(operation, member.Name, $"\"{escape}\""), member.Name);
                }
            }

            await RefusedAsync(operation, With(operation, "unknown", "\"\\u0000\""), "unknown");
            await RefusedAsync(operation, With(operation, "unknown", "[{\"a\": \"\\ud800\"}]"), "unknown[0].a");
            await RefusedAsync(operation, With(operation, "a\\u0000", "1"), "body");
        }

        AssertNothingBroke();
    }

    [Fact]
    public async Task A_member_of_another_type_is_refused_by_its_name()
    {
        (string Type, string Json)[] values = [("object", "{\"a\": [1]}"), ("array", "[{}]"), ("boolean", "true"), ("number", "1.5"), ("integer", "7"), ("string", "\"nonsense\"")];
        foreach (var operation in WithBody())
        {
            foreach (var member in Members(operation))
            {
                foreach (var (_, json) in values.Where(value => !member.Takes(value.Type) && !(value.Type == "integer" && member.Takes("number"))))
                {
                    await RefusedAsync(operation, With(operation, member.Name, json), member.Name);
                }

                foreach (var json in member.Impossible())
                {
                    await RefusedAsync(operation, With(operation, member.Name, json), member.Name);
                }
            }
        }

        AssertNothingBroke();
    }

    [Fact]
    public async Task A_member_that_is_missing_null_or_given_twice_is_refused_by_its_name()
    {
        foreach (var operation in WithBody())
        {
            var required = Members(operation).Where(member => member.Required).ToList();
            await NoteAsync(operation, "{}", Content("{}"), required.Count > 0 ? 400 : null, required.FirstOrDefault()?.Name);
            await NoteAsync(operation, "no body", null, required.Count > 0 ? 400 : null, required.FirstOrDefault()?.Name);
            foreach (var member in Members(operation))
            {
                var without = Valid(operation);
                without.Remove(member.Name);
                await NoteAsync(operation, $"no {member.Name}", Content(without.ToJsonString()), member.Required ? 400 : null, member.Name);
                await NoteAsync(operation, $"{member.Name} null", Content(With(operation, member.Name, "null")), member.Takes("null") ? null : 400, member.Name);

                var valid = Valid(operation)[member.Name]?.ToJsonString() ?? "null";
                await RefusedAsync(operation, With(operation, member.Name, $"{valid}, \"{member.Name}\": {valid}"), member.Name);
            }
        }

        AssertNothingBroke();
    }

    [Fact]
    public async Task A_member_that_is_too_long_is_refused_by_its_name()
    {
        foreach (var operation in WithBody())
        {
            foreach (var member in Members(operation).Where(member => member.Takes("string")))
            {
                var longest = (int?)member.Schema["maxLength"];
                foreach (var character in new[] { "x", "é", "😀", "\\n", " " })
                {
                    var text = string.Concat(Enumerable.Repeat(character, (longest ?? 20_000) + 1));
                    await NoteAsync(operation, $"{member.Name} too long", Content(With(operation, member.Name, $"\"{text}\"")), longest is null ? null : 400, member.Name);
                }

                await NoteAsync(operation, $"{member.Name} empty", Content(With(operation, member.Name, "\"\"")), member.Required ? 400 : null, member.Name);
                await NoteAsync(operation, $"{member.Name} blank", Content(With(operation, member.Name, "\" \\t \"")), null, null);
            }

            await NoteAsync(operation, "too large", Content(With(operation, "unknown", $"\"{new string('x', 1024 * 1024)}\"")), 413, null);
        }

        AssertNothingBroke();
    }

    [Fact]
    public async Task A_list_refuses_what_it_does_not_understand()
    {
        foreach (var operation in World.Description.Operations.Where(operation => Query(operation).Any()))
        {
            await AskAsync(operation, "nonsense=1", 400, "nonsense");
            await AskAsync(operation, "Page=1", 400, "Page");
            await AskAsync(operation, "_=1&_nonsense=%00", 200);
            foreach (var (query, status) in new[]
            {
                ("page=0", 404), ("page=-1", 404), ("page=999", 404), ("page=99999999999999999999", 404), ("page_size=100000", 200), ("page_size=99999999999999999999", 200), ("cursor=", 200),
            })
            {
                await AskAsync(operation, query, status);
            }

            foreach (var query in new[]
            {
                "page=", "page=abc", "page=1.5", "page_size=", "page_size=0", "page_size=-1", "page_size=abc", "cursor=nonsense", "cursor=%00", "cursor=W10", "cursor=WzEsMl0",
                "cursor=eyJhIjoxfQ", "cursor=%F0%9F%98%80", "ordering=nonsense", "ordering=--id", "ordering=,", "ordering=-", "ordering=%00",
            })
            {
                await AskAsync(operation, query, 400, query[..query.IndexOf('=', StringComparison.Ordinal)]);
            }

            await AskAsync(operation, "cursor=&page=1", 400, "cursor");
            foreach (var parameter in Query(operation))
            {
                var name = (string)parameter["name"]!;
                var example = parameter["schema"]!["examples"]![0]!;
                var valid = Uri.EscapeDataString(example is JsonArray items ? string.Join(',', items) : example.ToString());
                await AskAsync(operation, $"{name}={valid}&{name}={valid}", 400, name);
                await AskAsync(operation, $"{name}=%00", 400, name);
                await AskAsync(operation, $"{name}={new string('x', 4000)}", null);
                foreach (var odd in new[] { "", "%", "%ED%A0%80", "%25%5F%27%22%5C", "😀", "null", "-9223372036854775808", "1e400", "%E2%80%AE" })
                {
                    await AskAsync(operation, $"{name}={odd}", null);
                }

                if ((string?)parameter["schema"]!["type"] != "string" || parameter["schema"]!["pattern"] is not null)
                {
                    foreach (var untyped in new[] { "nonsense", "99999999999999999999", "2025-13-45", "1,2,x" })
                    {
                        await AskAsync(operation, $"{name}={untyped}", name is "page" or "page_size" && untyped[0] == '9' ? null : 400, name);
                    }
                }
            }
        }

        AssertNothingBroke();
    }

    [Fact]
    public async Task An_id_of_nothing_is_not_found()
    {
        foreach (var operation in World.Description.Operations.Where(operation => operation.Path.Contains('{', StringComparison.Ordinal)))
        {
            foreach (var id in new[] { "0", "-1", "9223372036854775807", "9223372036854775808", "99999999999999999999", "nonsense", "1.5", "%00", "%20", "null", "0x1", "%E2%80%AE", "1%2F" })
            {
                var url = operation.Path.Replace("{id}", id, StringComparison.Ordinal);
                var answer = await World.Admin.Send(new HttpMethod(operation.Method), url, operation.Body is null ? null : Valid(operation));

                // "%20" and the like are other paths, of which some have other methods.
                Note(operation, url, answer, (int)answer.Status == 405 ? null : 404, null);
            }
        }

        AssertNothingBroke();
    }

    [Fact]
    public async Task Headers_that_mean_nothing_break_nothing()
    {
        foreach (var operation in World.Description.Operations.Where(operation => operation.Method != "DELETE" && operation.Name != "ChangePassword"))
        {
            var body = operation.Body is null ? null : Valid(operation);
            foreach (var header in World.Description.Parameters(operation).Where(parameter => (string)parameter["in"]! == "header").Select(parameter => (string)parameter["name"]!))
            {
                foreach (var value in new[] { "nonsense", "\"", "\"\"", ",,,", "W/\"1-x\"", new string('x', 300), "\"99999999999999999999-x\"" })
                {
                    var answer = await World.Admin.Send(new HttpMethod(operation.Method), World.PathOf(operation), body, (header, value));
                    Note(operation, $"{header}: {value}", answer, header switch
                    {
                        "If-Match" => 412,
                        "If-None-Match" => 200,
                        _ => value.Length > 255 ? 400 : null,
                    }, value.Length > 255 && header == "Idempotency-Key" ? header : null);
                }
            }
        }

        AssertNothingBroke();
    }

    private IEnumerable<Operation> WithBody() => World.Description.Operations.Where(operation => operation.Body is not null);

    private IEnumerable<JsonObject> Query(Operation operation) => World.Description.Parameters(operation).Where(parameter => (string)parameter["in"]! == "query");

    private IEnumerable<Member> Members(Operation operation)
    {
        var schema = World.Description.Resolve(operation.Body!);
        var required = (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).ToHashSet();
        return schema["properties"]!.AsObject().Select(member => new Member(member.Key, World.Description.Resolve(member.Value!), required.Contains(member.Key)));
    }

    /// <summary>The example with a password that is not the admin's, who is needed for the rest of the test.</summary>
    private JsonObject Valid(Operation operation)
    {
        var body = World.ExampleFor(operation);
        if (operation.Name == "ChangePassword")
        {
            body["old_password"] = "not-the-password-of-anybody";
        }

        return body;
    }

    /// <summary>The example with one member given as this text, well-formed or not.</summary>
    private string With(Operation operation, string member, string json)
    {
        var body = Valid(operation);
        body.Remove(member);
        var rest = body.ToJsonString()[1..];
        return $"{{\"{member}\": {json}{(rest.Length > 1 ? "," : "")}{rest}";
    }

    private static string Nested(string valid, string open, string close) =>
        $"{{\"unknown\": {string.Concat(Enumerable.Repeat(open, 2000))}1{string.Concat(Enumerable.Repeat(close, 2000))},{valid[1..]}";

    private static ByteArrayContent Content(string text, string type = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private async Task RefusedAsync(Operation operation, string body, string member)
    {
        using var content = Content(body);
        await NoteAsync(operation, body, content, 400, member);
    }

    private async Task NoteAsync(Operation operation, string what, HttpContent? content, int? expected, string? member) =>
        Note(operation, what, await World.Admin.SendContent(new HttpMethod(operation.Method), World.PathOf(operation), content), expected, member);

    private async Task AskAsync(Operation operation, string query, int? expected, string? member = null) =>
        Note(operation, query, await World.Admin.Get($"{World.PathOf(operation)}?{query}"), expected, member);

    private void Note(Operation operation, string what, Answer answer, int? expected, string? member)
    {
        _requests++;
        var status = (int)answer.Status;
        var isProblem = status < 400 || (answer.Headers.TryGetValue("Content-Type", out var type) && type.StartsWith("application/problem+json", StringComparison.Ordinal));
        var isNamed = member is null || status != 400 || answer.Json["errors"]?[member] is not null;
        if (status >= 500 || (status == 401 && operation.Name is not ("CreateToken" or "RefreshToken")) || (expected is not null && status != expected) || !isProblem || (expected == 400 && !isNamed))
        {
            _complaints.Add($"{operation} <- {(what.Length > 200 ? what[..200] + "…" : what)}: {status} instead of {expected} for {member}: {answer.Text[..Math.Min(answer.Text.Length, 300)]}");
        }
    }

    private void AssertNothingBroke()
    {
        Assert.True(_requests > 10, "Nothing was sent.");
        Assert.True(_complaints.Count == 0, string.Join('\n', _complaints.Take(20).Prepend($"{_complaints.Count} of {_requests} answers are wrong:")));
    }

    private sealed record Member(string Name, JsonObject Schema, bool Required)
    {
        public bool Takes(string type) => Schema["type"] is JsonArray several ? several.Any(one => (string)one! == type) : (string)Schema["type"]! == type;

        /// <summary>Values of the right type that the rest of the schema rules out.</summary>
        public IEnumerable<string> Impossible()
        {
            string[] values = (string?)Schema["format"] switch
            {
                "date" => ["\"nonsense\"", "\"\"", "\"2025-02-30\"", "\"2025-10-01T00:00:00Z\"", "\"01/02/2025\"", "\"0000-00-00\""],
                "int64" => ["9223372036854775808", "-99999999999999999999", "1e400", "1.5", "\"1\""],
                _ when Schema["enum"] is not null => ["\"nonsense\"", "\"\"", "\"SHIPPING\""],
                _ when Schema["pattern"] is not null => ["\"nonsense\"", "\"\"", "\"1.234\"", "1.234", "1e400", "\"1,50\"", "\"NaN\"", "99999999999999999999999999999", "-1", "100.01"],
                _ => [],
            };
            return values;
        }
    }
}
