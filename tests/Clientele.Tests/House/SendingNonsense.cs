using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>
/// Every operation of the description gets every kind of invalid body, one at a time. The service must not fail, and must say what is wrong with
/// which member.
/// </summary>
public sealed class SendingNonsense(Nonsense nonsense) : IClassFixture<Nonsense>
{
    [Fact]
    public async Task A_body_that_is_no_object_is_refused()
    {
        foreach (var operation in nonsense.WithBody())
        {
            var valid = nonsense.Valid(operation).ToJsonString();
            string[] texts =
            [
                "{", valid[..^1], valid + "}", "[]", $"[{valid}]", "null", "1", "\"text\"", "NaN", "{\"a\": NaN}", "{'a': 1}", "{\"a\": 1,}", "\uFEFF",
            ];
            foreach (var text in texts)
            {
                await nonsense.RefusedAsync(operation, text, "body");
            }

            await nonsense.RefusedAsync(operation, Nonsense.Nested(valid, "[", "]"), "body");
            await nonsense.RefusedAsync(operation, Nonsense.Nested(valid, "{\"a\":", "}"), "body");
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        foreach (var operation in nonsense.WithBody())
        {
            foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml" })
            {
                using var content = Nonsense.Content(nonsense.Valid(operation).ToJsonString(), type);
                await nonsense.NoteAsync(operation, type, content, 415, null);
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task Text_that_cannot_be_stored_is_refused()
    {
        foreach (var operation in nonsense.WithBody())
        {
            foreach (var member in nonsense.Members(operation).Where(member => member.Takes("string")))
            {
                foreach (var escape in new[] { "\\u0000", "a\\u0000b", "\\ud800", "\\udc00\\ud800" })
                {
                    await nonsense.RefusedAsync(operation, nonsense.With(operation, member.Name, $"\"{escape}\""), member.Name);
                }
            }

            await nonsense.RefusedAsync(operation, nonsense.With(operation, "unknown", "\"\\u0000\""), "unknown");
            await nonsense.RefusedAsync(operation, nonsense.With(operation, "unknown", "[{\"a\": \"\\ud800\"}]"), "unknown/0/a");
            await nonsense.RefusedAsync(operation, nonsense.With(operation, "a\\u0000", "1"), "body");
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task More_than_thirty_combining_marks_in_a_row_are_refused_in_every_text()
    {
        foreach (var operation in nonsense.WithBody())
        {
            foreach (var member in nonsense.Members(operation).Where(member => member.Takes("string")))
            {
                await nonsense.RefusedAsync(operation, nonsense.With(operation, member.Name, $"\"a{new string('\u0301', 31)}\""), member.Name);
            }

            await nonsense.RefusedAsync(operation, nonsense.With(operation, "unknown", $"[\"a{new string('\u0301', 31)}\"]"), "unknown/0");
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_member_of_another_type_is_refused_by_its_name()
    {
        foreach (var operation in nonsense.WithBody())
        {
            foreach (var member in nonsense.Members(operation))
            {
                foreach (var json in Nonsense.Others(member).Concat(member.Impossible()))
                {
                    await nonsense.RefusedAsync(operation, nonsense.With(operation, member.Name, json), member.Name);
                }
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_member_that_is_missing_null_or_given_twice_is_refused_by_its_name()
    {
        foreach (var operation in nonsense.WithBody())
        {
            var required = nonsense.Members(operation).Where(member => member.Required).ToList();
            await nonsense.NoteAsync(operation, "{}", Nonsense.Content("{}"), required.Count > 0 ? 400 : null, required.FirstOrDefault()?.Name);
            await nonsense.NoteAsync(operation, "no body", null, required.Count > 0 ? 400 : null, required.FirstOrDefault()?.Name);
            foreach (var member in nonsense.Members(operation))
            {
                var without = nonsense.Valid(operation);
                without.Remove(member.Name);
                await nonsense.NoteAsync(operation, $"no {member.Name}", Nonsense.Content(without.ToJsonString()), member.Required ? 400 : null, member.Name);
                var nulled = Nonsense.Content(nonsense.With(operation, member.Name, "null"));
                await nonsense.NoteAsync(operation, $"{member.Name} null", nulled, member.Takes("null") ? null : 400, member.Name);

                var valid = nonsense.Valid(operation)[member.Name]?.ToJsonString() ?? "null";
                await nonsense.RefusedAsync(operation, nonsense.With(operation, member.Name, $"{valid}, \"{member.Name}\": {valid}"), member.Name);
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task Nonsense_in_the_items_of_a_list_is_refused_by_its_place()
    {
        foreach (var operation in nonsense.WithBody())
        {
            var lists = nonsense.Members(operation)
                .Where(member => member.Schema["items"] is { } items && nonsense.World.Description.Resolve(items)["properties"] is not null);
            foreach (var list in lists)
            {
                // A batch returns 200 and reports the result of each item.
                int? refused = operation.Name == "PutOrders" ? 200 : 400;
                foreach (var member in nonsense.Members(nonsense.World.Description.Resolve(list.Schema["items"]!)))
                {
                    string[] values = [.. Nonsense.Others(member), .. member.Impossible(), .. member.Takes("null") ? Array.Empty<string>() : ["null"]];
                    foreach (var json in values)
                    {
                        var spoilt = Nonsense.Content(nonsense.WithInItem(operation, list.Name, member.Name, json));
                        await nonsense.NoteAsync(operation, $"{list.Name}/0/{member.Name}: {json}", spoilt, refused, null);
                    }

                    var without = Nonsense.Content(nonsense.WithInItem(operation, list.Name, member.Name, null));
                    await nonsense.NoteAsync(operation, $"{list.Name}[0] without {member.Name}", without, member.Required ? refused : null, null);
                    var unstorable = Nonsense.Content(nonsense.WithInItem(operation, list.Name, member.Name, "\"\\u0000\""));
                    await nonsense.NoteAsync(
                        operation, $"{list.Name}/0/{member.Name}: NUL", unstorable, refused, refused == 400 ? $"{list.Name}/0/{member.Name}" : null);
                }

                foreach (var items in new[] { "[null]", "[1]", "[[]]", "[{}]", "[\"text\"]" })
                {
                    await nonsense.NoteAsync(operation, $"{list.Name}: {items}", Nonsense.Content(nonsense.With(operation, list.Name, items)), refused, null);
                }
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_member_that_is_too_long_is_refused_by_its_name()
    {
        foreach (var operation in nonsense.WithBody())
        {
            foreach (var member in nonsense.Members(operation).Where(member => member.Takes("string")))
            {
                var longest = (int?)member.Schema["maxLength"];
                foreach (var character in new[] { "x", "é", "😀", "\\n", " " })
                {
                    // A text of blanks alone would be empty.
                    var text = $"x{string.Concat(Enumerable.Repeat(character, longest ?? 20_000))}x";
                    var tooLong = Nonsense.Content(nonsense.With(operation, member.Name, $"\"{text}\""));
                    await nonsense.NoteAsync(operation, $"{member.Name} too long", tooLong, longest is null ? null : 400, member.Name);
                }

                var empty = Nonsense.Content(nonsense.With(operation, member.Name, "\"\""));
                await nonsense.NoteAsync(operation, $"{member.Name} empty", empty, member.Required && member.Name != "last_name" ? 400 : null, member.Name);
                await nonsense.NoteAsync(operation, $"{member.Name} blank", Nonsense.Content(nonsense.With(operation, member.Name, "\" \\t \"")), null, null);
            }

            var kibibytes = operation switch
            {
                { Name: "PutOrders" } => 8192,
                { Path: "/api/customers/register/" } => 16,
                { Name: "CreatePasskey" or "CreatePasskeyToken" or "CreateTokenWithFactor" or "CreateStepUpToken" } => 64,
                _ when operation.Path.StartsWith("/api/auth/", StringComparison.Ordinal) => 16,
                _ => 1024,
            };
            var tooLarge = Nonsense.Content(nonsense.With(operation, "unknown", $"\"{new string('x', kibibytes * 1024)}\""));
            await nonsense.NoteAsync(operation, "too large", tooLarge, 413, null, ("Expect", "100-continue"));
        }

        nonsense.AssertNothingBroke();
    }
}
