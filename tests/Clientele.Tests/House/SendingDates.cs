using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The first and the last days and instants that there are: wherever one can be sent, it is taken, or refused with the member's name.</summary>
public sealed class SendingDates(Nonsense nonsense) : IClassFixture<Nonsense>
{
    private static readonly string[] Days = ["0001-01-01", "9999-12-31"];

    private static readonly string[] Instants =
    [
        "0001-01-01T00:00:00Z", "0001-01-01T14:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T09:59:59-14:00",
    ];

    [Fact]
    public async Task A_date_in_a_body_is_taken_or_refused_by_its_name()
    {
        foreach (var operation in nonsense.WithBody())
        {
            await nonsense.EachMemberAsync(operation, member => Limits((string?)member.Schema["format"]).Select(limit => $"\"{limit}\""));
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_date_in_a_query_string_is_taken_or_refused_by_its_name()
    {
        foreach (var operation in nonsense.World.Description.Operations.Where(operation => operation.Method == "GET"))
        {
            foreach (var name in nonsense.Query(operation).Select(parameter => (string)parameter["name"]!))
            {
                foreach (var limit in Days.Concat(Instants))
                {
                    await nonsense.AskAsync(operation, $"{name}={Uri.EscapeDataString(limit)}", null);
                }
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_date_in_a_rule_is_taken_or_refused_at_its_place()
    {
        foreach (var limit in Days.Concat(Instants))
        {
            foreach (var field in new[] { "date_of_birth", "last_order_date", "date_joined" })
            {
                foreach (var op in new[] { "eq", "lt", "lte", "gt", "gte" })
                {
                    var rule = $$"""{"field": "{{field}}", "op": "{{op}}", "value": "{{limit}}"}""";
                    var answer = await nonsense.World.Admin.Post("/api/customers/groups/preview/", $"{{\"assignment_rules\": {rule}}}");
                    Assert.True((int)answer.Status is 200 or 400, $"{rule}: {(int)answer.Status} {answer.Text}");
                }
            }
        }
    }

    private static string[] Limits(string? format) => format switch
    {
        "date" => Days,
        "date-time" => Instants,
        _ => [],
    };
}
