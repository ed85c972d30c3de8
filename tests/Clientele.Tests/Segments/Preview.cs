using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>Compares the service's preview of a rule with the interpreter's.</summary>
internal static class Preview
{
    private const string Refused = "answered ";

    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The difference, or null.</summary>
    public static async Task<string?> ComplaintAsync(RuleWorld world, JsonObject rule)
    {
        var answer = await world.PreviewAsync(rule);
        if ((int)answer.Status != 200)
        {
            return $"{Refused}{(int)answer.Status} {answer.Text}";
        }

        var (expected, found) = (Expected(world, rule), Ids(answer));
        return (long)answer["count"] != found.Length ? $"counts {answer["count"]}, and shows {found.Length}"
            : expected.SequenceEqual(found) ? null
            : $"too many: {Names(world, found.Except(expected))}; too few: {Names(world, expected.Except(found))}; right are {Names(world, expected)}";
    }

    public static bool IsRefusal(string complaint) => complaint.StartsWith(Refused, StringComparison.Ordinal);

    public static long[] Expected(RuleWorld world, JsonNode rule) =>
        [.. world.Customers.Where(customer => NaiveRules.Matches(rule, customer, world.Now)).Select(customer => customer.Id).Order()];

    public static long[] Ids(Answer preview) => [.. preview["sample"].AsArray().Select(customer => (long)customer!["id"]!)];

    public static string Names(RuleWorld world, IEnumerable<long> ids) =>
        string.Join(", ", ids.Select(id => world.Known(id).Username)) is { Length: > 0 } names ? names : "nobody";
}
