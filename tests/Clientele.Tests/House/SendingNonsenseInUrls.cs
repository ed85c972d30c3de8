using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The same for query strings, ids and headers.</summary>
public sealed class SendingNonsenseInUrls(Nonsense nonsense) : IClassFixture<Nonsense>
{
    [Fact]
    public async Task A_parameter_that_is_not_understood_is_refused()
    {
        foreach (var operation in nonsense.World.Description.Operations.Where(operation => nonsense.Query(operation).Any()))
        {
            await nonsense.AskAsync(operation, "nonsense=1", 400, "nonsense");
            await nonsense.AskAsync(operation, "Page=1", 400, "Page");
            await nonsense.AskAsync(operation, $"_=1&_nonsense=%00&{nonsense.World.QueryOf(operation).TrimStart('?')}".TrimEnd('&'), 200);
            foreach (var parameter in nonsense.Query(operation))
            {
                var name = (string)parameter["name"]!;
                var example = parameter["schema"]!["examples"]![0]!;
                var valid = Uri.EscapeDataString(example is JsonArray items ? string.Join(',', items) : example.ToString());
                await nonsense.AskAsync(operation, $"{name}={valid}&{name}={valid}", example is JsonArray ? 200 : 400, name);
                await nonsense.AskAsync(operation, $"{name}=%00", 400, name);
                await nonsense.AskAsync(operation, $"{name}={new string('x', 4000)}", null);
                foreach (var odd in new[] { "", "%", "%ED%A0%80", "%25%5F%27%22%5C", "😀", "null", "-9223372036854775808", "1e400", "%E2%80%AE" })
                {
                    await nonsense.AskAsync(operation, $"{name}={odd}", null);
                }

                var schema = parameter["schema"]!;
                if ((string?)schema["type"] != "string" || schema["pattern"] is not null || schema["enum"] is not null)
                {
                    foreach (var untyped in new[] { "nonsense", "99999999999999999999", "2025-13-45", "1,2,x" })
                    {
                        await nonsense.AskAsync(operation, $"{name}={untyped}", name is "page" or "page_size" && untyped[0] == '9' ? null : 400, name);
                    }
                }
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_page_that_cannot_be_is_refused()
    {
        var paged = nonsense.World.Description.Operations
            .Where(operation => nonsense.Query(operation).Any(parameter => (string)parameter["name"]! == "page"));
        foreach (var operation in paged)
        {
            foreach (var (query, status) in new[]
            {
                ("page=0", 404), ("page=-1", 404), ("page=999", 404), ("page=99999999999999999999", 404),
                ("page_size=100000", 200), ("page_size=99999999999999999999", 200), ("cursor=", 200),
            })
            {
                await nonsense.AskAsync(operation, query, status);
            }

            foreach (var query in new[]
            {
                "page=", "page=abc", "page=1.5", "page_size=", "page_size=0", "page_size=-1", "page_size=abc",
                "cursor=nonsense", "cursor=%00", "cursor=W10", "cursor=WzEsMl0",
                "cursor=eyJhIjoxfQ", "cursor=%F0%9F%98%80", "ordering=nonsense", "ordering=--id", "ordering=,", "ordering=-", "ordering=%00",
            })
            {
                await nonsense.AskAsync(operation, query, 400, query[..query.IndexOf('=', StringComparison.Ordinal)]);
            }

            await nonsense.AskAsync(operation, "cursor=&page=1", 400, "cursor");
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task An_id_of_nothing_is_not_found()
    {
        foreach (var operation in nonsense.World.Description.Operations.Where(operation => operation.Path.Contains("{id}", StringComparison.Ordinal)))
        {
            string[] ids =
            [
                "0", "-1", "9223372036854775807", "9223372036854775808", "99999999999999999999", "nonsense", "1.5", "%20", "null", "0x1", "%E2%80%AE",
                "1%2F",
            ];
            foreach (var id in ids)
            {
                var url = nonsense.World.PathOf(operation with { Path = operation.Path.Replace("{id}", id, StringComparison.Ordinal) });
                var answer = await nonsense.World.Admin.Send(new HttpMethod(operation.Method), url, operation.Body is null ? null : nonsense.Valid(operation));

                // "%20" and the like are different paths, and some of those have other methods.
                nonsense.Note(operation, url, answer, (int)answer.Status == 405 ? null : 404, null);
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task An_id_of_another_system_may_be_any_text_that_can_be_stored()
    {
        var foreign = nonsense.World.Description.Operations.Where(operation =>
            operation.Path.EndsWith("_id}/", StringComparison.Ordinal) || operation.Path.EndsWith("_number}/", StringComparison.Ordinal));
        foreach (var operation in foreign)
        {
            var root = nonsense.World.PathOf(operation with { Path = operation.Path[..operation.Path.LastIndexOf('{')] });
            var named = operation.Path[(operation.Path.LastIndexOf('{') + 1)..^2];
            (string Id, int? Refused)[] ids =
            [
                ("%0A", 400), ("%7F", 400), (new('x', 101), 400), ("%E2%80%AE", null), ("😀", null), ("'%3B--", null), ("%25%5F", null),
                ("%ED%A0%80", null), ("%20", null),
            ];
            foreach (var (id, refused) in ids)
            {
                var body = operation.Body is null ? null : nonsense.Valid(operation);
                var answer = await nonsense.World.Admin.Send(new HttpMethod(operation.Method), $"{root}{id}/", body);
                nonsense.Note(operation, id, answer, operation.Method == "DELETE" ? null : refused, named);
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task Headers_that_mean_nothing_break_nothing()
    {
        foreach (var operation in nonsense.World.Description.Operations.Where(operation => operation.Method != "DELETE" && operation.Name != "ChangePassword"))
        {
            var body = operation.Body is null ? null : nonsense.Valid(operation);
            var headers = nonsense.World.Description.Parameters(operation).Where(parameter => (string)parameter["in"]! == "header");
            foreach (var header in headers.Select(parameter => (string)parameter["name"]!))
            {
                foreach (var value in new[] { "nonsense", "\"", "\"\"", ",,,", "W/\"1-x\"", new string('x', 300), "\"99999999999999999999-x\"" })
                {
                    var answer = await nonsense.World.Admin.Send(new HttpMethod(operation.Method), nonsense.World.PathOf(operation), body, (header, value));
                    nonsense.Note(operation, $"{header}: {value}", answer, header switch
                    {
                        "If-Match" => 412,
                        "If-None-Match" => 200,
                        _ => value.Length > 255 ? 400 : null,
                    }, value.Length > 255 && header == "Idempotency-Key" ? header : null);
                }
            }
        }

        nonsense.AssertNothingBroke();
    }
}
