using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>A list's query string is stored as an equivalent rule: the customers on the list are in the segment.</summary>
public sealed class KeepingListsAsSegments(Population shared) : IClassFixture<Population>
{
    [Theory]
    [InlineData("is_active=false")]
    [InlineData("is_vip=true&is_active=1")]
    [InlineData("is_verified=0&ordering=-total_spent&page=3&page_size=5")]
    [InlineData("loyalty_tier=gold")]
    [InlineData("min_orders=1&max_orders=3")]
    [InlineData("min_spent=10.50&max_spent=5000")]
    [InlineData("min_points=1")]
    [InlineData("joined_after=2020-01-01&joined_before=2100-01-01T00:00:00%2B02:00")]
    [InlineData("last_order_after=2020-01-01")]
    [InlineData("preferred_language=DE")]
    [InlineData("preferred_currency=eur&accepts_marketing_email=true")]
    [InlineData("gender=FEMALE")]
    [InlineData("tag=Wholesale")]
    [InlineData("loyalty_tier=SILVER")]
    [InlineData("source=NEWSLETTER&is_active=1")]
    [InlineData("username=ada.1")]
    [InlineData("email=INFO1%40example.com")]
    [InlineData("phone=%2B1-000-0000")]
    [InlineData("_ignored=1")]
    public async Task The_customers_on_the_list_are_the_customers_in_the_segment(string filters)
    {
        var population = await shared.ReadyAsync();
        var group = (await population.Admin.Post(Lists.Groups, new { name = $"From {Guid.NewGuid()}", from_filters = filters })).Expect(201);

        var body = new JsonObject { ["assignment_rules"] = group["assignment_rules"].DeepClone(), ["sample_size"] = 100 };
        var preview = (await population.Admin.Post(Lists.Groups + "preview/", body)).Expect(200);

        var kept = filters.Split('&')
            .Where(filter => !filter.StartsWith("page", StringComparison.Ordinal) && !filter.StartsWith("ordering", StringComparison.Ordinal));
        var plain = string.Join('&', kept);
        var list = (await population.Admin.Get($"{Lists.Customers}?page_size=100&{plain}")).Expect(200);
        Assert.Equal((long)list["count"], (long)preview["count"]);
        if ((long)list["count"] <= 100)
        {
            Assert.Equal(Ids(list["results"]), Ids(preview["sample"]));
        }

        static IEnumerable<long> Ids(JsonNode customers) => customers.AsArray().Select(customer => (long)customer!["id"]!).Order();
    }

    [Theory]
    [InlineData("search=john", "search")]
    [InlineData("ids=1,2", "ids")]
    [InlineData("uuid=0199a1b2-6c3d-7e4f-8a5b-9c6d7e8f9a0b", "uuid")]
    [InlineData("updated_after=2025-01-01", "updated_after")]
    [InlineData("loyalty_tier=diamond", "bronze, silver, gold or platinum")]
    [InlineData("mystery=1", "mystery")]
    [InlineData("min_orders=few", "min_orders")]
    [InlineData("is_vip=true&is_vip=false", "twice")]
    public async Task What_no_rule_can_mean_is_refused(string filters, string says)
    {
        var population = await shared.ReadyAsync();

        var refused = (await population.Admin.Post(Lists.Groups, new { name = "Refused", from_filters = filters })).ExpectProblem(400, "from_filters");

        Assert.Contains(says, (string)refused["errors"]["from_filters"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stands_in_place_of_a_rule() =>
        (await (await shared.ReadyAsync()).Admin.Post(
            Lists.Groups,
            new { name = "Both", from_filters = "is_vip=true", assignment_rules = new { all = Array.Empty<object>() } })).ExpectProblem(400, "from_filters");
}
