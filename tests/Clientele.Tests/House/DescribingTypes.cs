using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clientele.Client;
using Clientele.Server.Bulk;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Loyalty;
using Clientele.Server.Rules;
using Clientele.Server.Segments;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The types in the description, from which others generate their clients: each says as much as the service knows.</summary>
[Trait("Database", "Any")]
public sealed partial class DescribingTypes(ClienteleApp app)
{
    private static readonly string[] Contents = ["properties", "additionalProperties", "anyOf"];
    private static readonly string[] Types = ["type", "$ref", "allOf", "oneOf", "anyOf"];

    [Fact]
    public async Task No_object_is_without_members()
    {
        var bare = Descendants((await ApiDescription.OfAsync(app)).Json).Where(node => Has(node, "object") && !Contents.Any(node.ContainsKey));

        Assert.Empty(bare.Select(node => node.GetPath()));
    }

    [Fact]
    public async Task Only_the_values_of_rules_and_an_answer_with_two_forms_have_no_type()
    {
        var untyped = (await MembersAsync()).Where(member => !Types.Any(member.Schema.ContainsKey)).Select(member => member.Name);

        Assert.Equal(
            [
                "MembershipResponseOrMembershipsResponse.changed", "RuleActual.avg", "RuleActual.max", "RuleActual.min", "RuleActual.sum",
                "RuleActual.value", "RuleHaving.value", "RuleNode.value",
            ],
            untyped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_text_whose_values_are_listed_is_an_enumeration()
    {
        var open = (await MembersAsync()).Where(member => Has(member.Schema, "string") && Listed().IsMatch((string?)member.Schema["description"] ?? ""));

        Assert.Empty(open.Select(member => $"{member.Name}: {member.Schema["description"]} Mark it with [OneOf]."));
    }

    [Fact]
    public void A_closed_set_has_the_values_of_the_service()
    {
        AssertSet(typeof(MemberOrigin), Names<MembershipOrigin>());
        AssertSet(typeof(GroupChangeCause), Names<Cause>());
        AssertSet(typeof(GroupMoveCause), Names<Cause>().Append(GroupMoveCause.GroupDeleted));
        AssertSet(typeof(GroupState), Names<SegmentState>());
        AssertSet(typeof(BulkJobState), Names<BulkState>());
        AssertSet(typeof(LoyaltyEntryKind), Names<PointsEntryKind>());
        AssertSet(typeof(LotState), Names<PointsLotState>());
        AssertSet(typeof(OrderStatus), OrdersEndpoints.Statuses);
        AssertSet(typeof(EarnMoment), Names<EarnOn>());
        AssertSet(typeof(RuleFieldType), Names<FieldType>());
        AssertSet(typeof(RuleOperatorName), Operators.All);
        AssertSet(typeof(RuleValueForm), Operators.All.Select(Operators.Shape).Distinct());
        AssertSet(typeof(RuleAggregateName), HavingReader.Aggregates);
        AssertSet(typeof(RuleUnit), Span.Units);
        AssertSet(typeof(RuleRelationName), Clientele.Server.Rules.Vocabulary.Relations.Select(relation => relation.Name));
        AssertSet(typeof(CustomerField), Clientele.Server.Rules.Vocabulary.Fields.Select(field => field.Name));

        static IEnumerable<string> Names<T>()
            where T : struct, Enum => Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

        static void AssertSet(Type set, IEnumerable<string> values) =>
            Assert.Equal(values.Order(StringComparer.Ordinal), new OneOfAttribute(set).Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_rule_is_a_rule_wherever_it_is_sent_or_read()
    {
        var description = await ApiDescription.OfAsync(app);

        foreach (var schema in new[] { "GroupRequest", "GroupPatch", "GroupResponse", "PreviewRequest" })
        {
            var rule = description.Resolve(description.Json["components"]!["schemas"]![schema]!["properties"]!["assignment_rules"]!);
            Assert.Equal("#/components/schemas/RuleNode", (string)rule["properties"]!["all"]!["items"]!["$ref"]!);
            Assert.False((bool)rule["additionalProperties"]!);
            Assert.Equal(21, rule["not"]!["anyOf"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task Money_is_text_and_numbers_are_mentioned()
    {
        var members = await MembersAsync();

        Assert.DoesNotContain(members, member => Has(member.Schema, "string") && (Has(member.Schema, "number") || Has(member.Schema, "integer"))
            && member.Schema["additionalProperties"] is null);
        var money = members.Where(member => (string?)member.Schema["pattern"] is { } pattern && pattern.Contains(@"(\.\d{1,2})?", StringComparison.Ordinal));
        Assert.NotEmpty(money);
        Assert.All(money, member => Assert.EndsWith("A number is accepted, too.", (string)member.Schema["description"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_choice_has_a_default()
    {
        var choices = (await MembersAsync()).Where(member => member.Schema.ContainsKey("default") && member.Schema["type"] is not JsonValue);

        Assert.Empty(choices.Select(member => member.Name));
    }

    [Fact]
    public async Task Passwords_are_passwords_and_never_come_back()
    {
        var passwords = (await MembersAsync()).Where(member => member.Name.Contains("password", StringComparison.Ordinal));

        Assert.NotEmpty(passwords);
        Assert.All(passwords, member => Assert.Equal(("password", true), ((string?)member.Schema["format"], (bool?)member.Schema["writeOnly"])));
    }

    [Fact]
    public async Task Lists_in_the_query_string_are_repeated_parameters()
    {
        var description = await ApiDescription.OfAsync(app);

        Assert.All(
            description.Operations.SelectMany(description.Parameters),
            parameter => Assert.True((bool?)parameter["explode"] ?? true, (string)parameter["name"]!));
    }

    [Fact]
    public async Task A_page_by_number_and_a_page_by_cursor_are_two_schemas()
    {
        var description = await ApiDescription.OfAsync(app);
        var lists = description.Operations
            .Where(operation => new[] { "page", "cursor" }.All(name => description.Parameters(operation).Any(one => (string)one["name"]! == name))).ToList();

        Assert.NotEmpty(lists);
        foreach (var operation in lists)
        {
            var list = description.Resolve(description.Answer(operation, 200)["content"]!["application/json"]!["schema"]!);
            var pages = list["anyOf"]!.AsArray().Select(page => description.Resolve(page!)).ToList();
            Assert.Equal(["count", "next", "previous", "results"], pages[0]["required"]!.AsArray().Select(name => (string)name!).Order());
            Assert.Equal(["next", "previous", "results"], pages[1]["properties"]!.AsObject().Select(member => member.Key).Order());
        }
    }

    [Fact]
    public async Task The_description_names_the_address_that_it_was_read_from()
    {
        var description = await ApiDescription.OfAsync(app);

        Assert.Equal(app.Address.AbsoluteUri.TrimEnd('/'), (string)description.Json["servers"]!.AsArray().Single()!["url"]!);
    }

    /// <summary>All members of all schemas, as <c>schema.member</c>.</summary>
    private async Task<List<(string Name, JsonObject Schema)>> MembersAsync() =>
        [.. (await ApiDescription.OfAsync(app)).Json["components"]!["schemas"]!.AsObject().SelectMany(
            schema => schema.Value!["properties"]?.AsObject() ?? [],
            (schema, member) => ($"{schema.Key}.{member.Key}", member.Value!.AsObject()))];

    private static bool Has(JsonObject node, string type) =>
        node["type"] is JsonArray several ? several.Any(one => (string)one! == type) : node["type"] is JsonValue only && (string)only! == type;

    private static IEnumerable<JsonObject> Descendants(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Descendants(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Descendants),
        _ => [],
    };

    /// <summary>Two or more names in a row, at the beginning or after a colon. What can be configured is not closed.</summary>
    [GeneratedRegex("^([^`.]*: )?`[a-z_]+`( \\([^)]*\\))?(, | or )`[a-z_]+`(?!.*unless configured otherwise)")]
    private static partial Regex Listed();
}
