using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Numbers at and beyond every limit, for every number in the description: they are accepted, or refused with the member's name.</summary>
public sealed class SendingNumbers(Nonsense nonsense) : IClassFixture<Nonsense>
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "0.0", "-0.0", "1.0", "1.5", "0.001", "1e0", "1e2", "1E-2", "1e-400", "1e400", "-1e400",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "3000000000", "4294967296",
        "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "79228162514264337593543950335", "79228162514264337593543950336", "-79228162514264337593543950336", "0.0000000000000000000000000001",
        "99999999999999999999999999999999999999999999999999",
    ];

    [Fact]
    public async Task A_number_in_a_body_is_taken_or_refused_by_its_name()
    {
        foreach (var operation in nonsense.WithBody())
        {
            await nonsense.EachMemberAsync(operation, member => IsNumber(member) ? Numbers.SelectMany(number => Written(number, member)) : []);
            foreach (var list in nonsense.Members(operation).Where(member => member.Schema["items"] is not null))
            {
                foreach (var number in Numbers)
                {
                    await nonsense.TakenOrRefusedAsync(operation, nonsense.With(operation, list.Name, $"[{number}]"), list.Name);
                }
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_number_in_metadata_is_what_every_reader_of_JSON_has_or_is_refused()
    {
        var exact = new[] { "0", "1.5", "9007199254740992", "-9007199254740992", "1e-400" };
        string[] inexact = ["9007199254740993", "-9007199254740993", "9007199254740993.0", "1e16", "1e29", "1e400", "-1e400"];
        foreach (var number in Numbers.Concat(inexact))
        {
            var answer = await nonsense.World.Admin.Patch(nonsense.World.Customer.Url, $"{{\"metadata\": {{\"number\": {number}}}}}");
            Assert.True((int)answer.Status is 200 or 400, $"{number}: {answer.Text}");
            if ((int)answer.Status == 400)
            {
                var errors = answer.ExpectProblem(400, "metadata.number").Json["errors"]!;
                Assert.Contains("Send it as a string", (string)errors["metadata.number"]![0]!, StringComparison.Ordinal);
            }

            Assert.True((int)answer.Status == 200 || !exact.Contains(number), $"{number} was refused.");
            Assert.True((int)answer.Status == 400 || !inexact.Contains(number), $"{number} was taken.");
        }
    }

    [Fact]
    public async Task A_number_in_a_rule_is_taken_or_refused_at_its_place()
    {
        foreach (var number in Numbers)
        {
            foreach (var rule in new[]
            {
                """{"field": "total_orders", "op": "gte", "value": #}""",
                """{"field": "total_orders", "op": "between", "value": [#, #]}""",
                """{"field": "total_spent", "op": "lt", "value": #}""",
                """{"field": "average_order_value", "op": "eq", "value": #}""",
                """{"field": "age", "op": "gt", "value": #}""",
                """{"field": "id", "op": "in", "value": [#]}""",
                """{"field": "metadata.x", "op": "gt", "value": #}""",
                """{"field": "metadata.x", "op": "in", "value": [#]}""",
                """{"field": "last_order_date", "op": "within_last", "value": {"n": #, "unit": "year"}}""",
                """{"in_group": #}""",
                """{"related": "orders", "at_least": #}""",
                """{"related": "orders", "having": {"agg": "sum", "of": "net", "op": "gte", "value": #}}""",
                """{"related": "orders", "having": {"agg": "avg", "of": "net", "op": "gte", "value": #}}""",
                """{"related": "order_lines", "having": {"agg": "avg", "of": "quantity", "op": "lte", "value": #}}""",
                """{"related": "reviews", "having": {"agg": "max", "of": "rating", "op": "ne", "value": #}}""",
            })
            {
                var json = rule.Replace("#", number, StringComparison.Ordinal);
                var answer = await nonsense.World.Admin.Post("/api/customers/groups/preview/", $"{{\"assignment_rules\": {json}}}");
                Assert.True((int)answer.Status is 200 or 400, $"{rule} with {number}: {(int)answer.Status} {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task A_number_in_a_query_string_or_a_path_is_taken_or_refused_by_its_name()
    {
        foreach (var operation in nonsense.World.Description.Operations.Where(operation => operation.Method == "GET"))
        {
            foreach (var name in nonsense.Query(operation).Select(parameter => (string)parameter["name"]!))
            {
                foreach (var number in Numbers)
                {
                    await nonsense.AskAsync(operation, $"{name}={number}", null);
                }
            }

            foreach (var number in operation.Path.Contains("{id}", StringComparison.Ordinal) ? Numbers : [])
            {
                var path = nonsense.World.PathOf(operation with { Path = operation.Path.Replace("{id}", number, StringComparison.Ordinal) });
                nonsense.Note(operation, path, await nonsense.World.Admin.Get(path), null, null);
            }
        }

        nonsense.AssertNothingBroke();
    }

    private static bool IsNumber(Member member) => member.Takes("integer") || member.Takes("number");

    /// <summary>As a number and, if the member accepts it, as a string.</summary>
    private static string[] Written(string number, Member member) => member.Takes("string") ? [number, JsonValue.Create(number).ToJsonString()] : [number];
}
