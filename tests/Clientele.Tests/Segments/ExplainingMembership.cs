using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>Why a customer is or is not in a group, and what would change it.</summary>
public sealed class ExplainingMembership(OwnApp app) : IClassFixture<OwnApp>
{
    [Fact]
    public async Task Each_node_says_what_the_customer_has_and_what_would_turn_it()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (group, customer, now) = (await own.GroupAsync(), await own.NewCustomerAsync(), own.Clock.GetUtcNow().UtcDateTime);
        await own.PatchAsync(customer, new { tags = new[] { "tea", "Coffee" }, metadata = new { size = 42 } });
        (await own.OrderAsync(customer, "o1", 60, now)).Expect(201);
        var segment = await own.SegmentAsync(All(
            Not(Vip),
            Spent(100),
            Ordered(90, "day"),
            new { field = "date_of_birth", op = "is_set" },
            new { field = "tags", op = "contains_any", value = new[] { "COFFEE" } },
            new { field = "metadata.size", op = "gt", value = 41 },
            new { related = "orders", having = new { agg = "sum", of = "total", op = "gte", value = 50 } },
            new { related = "reviews", at_least = 1 },
            In(group),
            new { any = Array.Empty<object>() }));

        var tree = (await ExplainAsync(own, segment, customer))["tree"];

        var ordered = $"{now:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}";
        Assert.Equal(
            [
                " false",
                "/all/0 true",
                "/all/0/not false {\"value\":false} is_vip would have to satisfy eq true; it is false.",
                "/all/1 false {\"value\":\"60.00\"} total_spent would have to satisfy gte 100; it is \"60.00\".",
                $"/all/2 true {{\"value\":\"{ordered}\"}} "
                    + $"last_order_date would no longer have to satisfy within_last {{\"n\":90,\"unit\":\"day\"}}; "
                    + $"it is \"{ordered}\", and time alone can change it.",
                "/all/3 false {\"value\":null} date_of_birth would have to satisfy is_set; it is missing.",
                "/all/4 true {\"value\":[\"Coffee\",\"tea\"]} tags would no longer have to satisfy contains_any [\"COFFEE\"]; it is [\"Coffee\",\"tea\"].",
                "/all/5 true {\"value\":42} metadata.size would no longer have to satisfy gt 41; it is 42.",
                "/all/6 true {\"rows\":1,\"sum\":\"60.00\"} The customer's orders would no longer have to satisfy the node; "
                    + "the node finds {\"rows\":1,\"sum\":\"60.00\"}.",
                "/all/7 false {\"rows\":0} The customer's reviews would have to satisfy the node; the node finds {\"rows\":0}.",
                $"/all/8 false The customer would have to be a member of group {group}.",
                "/all/9 false Nothing can change it: it contains no nodes.",
            ],
            Lines(tree));
    }

    [Fact]
    public async Task What_alone_would_turn_the_rule_is_marked()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.NewCustomerAsync();
        var segment = await own.SegmentAsync(All(Any(Vip, Spent(0)), Any(Spent(1), Not(Vip)), Not(Spent(5))));

        Assert.Equal(["", "/all/0", "/all/0/any/1", "/all/1", "/all/1/any/1", "/all/1/any/1/not", "/all/2", "/all/2/not"], await DecidingAsync());

        await own.PatchAsync(customer, new { is_vip = true });
        Assert.Equal(["", "/all/1", "/all/1/any/0", "/all/1/any/1", "/all/1/any/1/not"], await DecidingAsync());

        (await own.OrderAsync(customer, "o1", 5, Segmenting.LongAgo)).Expect(201);
        Assert.Equal(["", "/all/2", "/all/2/not"], await DecidingAsync());

        async Task<IEnumerable<string>> DecidingAsync() =>
            Nodes((await ExplainAsync(own, segment, customer))["tree"]).Where(node => (bool)node["decides"]!).Select(node => (string)node["path"]!);
    }

    [Fact]
    public async Task It_tells_apart_what_the_rule_says_and_what_is_stored()
    {
        var (customer, segment) = (await app.NewCustomerAsync(), await app.SegmentAsync(All(Vip, new { field = "username", op = "ne", value = "nobody" })));
        Assert.Equal("false false  false", await SaidAsync());

        await app.DecideAsync("add", segment, customer);
        Assert.Equal("false true included false", await SaidAsync());

        await app.PatchAsync(customer, new { is_vip = true });
        await app.DecideAsync("remove", segment, customer);
        Assert.Equal("true false excluded true", await SaidAsync());

        await app.DecideAsync("reset", segment, customer);
        await app.DrainAsync();
        Assert.Equal("true true rule true", await SaidAsync());

        // The nodes are also true for an inactive customer, but a rule that does not test is_active never matches one.
        (await (await app.FreshAdminAsync()).Post($"{Lists.Customers}{customer}/deactivate/")).Expect(200);
        await app.DrainAsync();
        Assert.Equal("false false  true", await SaidAsync());

        async Task<string> SaidAsync()
        {
            var said = await ExplainAsync(app, segment, customer);
            return $"{said["matches"]} {said["member"]} {said.Json["origin"]} {said["tree"]["matches"]}";
        }
    }

    [Fact]
    public async Task A_group_without_a_rule_has_no_tree()
    {
        var (group, customer) = (await app.GroupAsync(), await app.NewCustomerAsync());
        await app.DecideAsync("add", group, customer);

        var said = await ExplainAsync(app, group, customer);

        Assert.Equal((false, true, "included", true), ((bool)said["matches"], (bool)said["member"], (string)said["origin"]!, said.Json["tree"] is null));
    }

    [Fact]
    public async Task An_unknown_customer_or_group_is_not_found_and_an_id_must_be_a_number()
    {
        var (admin, group) = (await app.FreshAdminAsync(), await app.GroupAsync());

        (await admin.Get($"{Url(group)}explain/?customer=ada")).ExpectProblem(400, "customer");
        (await admin.Get($"{Url(group)}explain/?customer=999999999")).ExpectProblem(404);
        (await admin.Get($"{Url(999999999)}explain/?customer={admin.Id}")).ExpectProblem(404);
    }

    private static async Task<Answer> ExplainAsync(ClienteleApp app, long group, long customer) =>
        (await (await app.FreshAdminAsync()).Get($"{Url(group)}explain/?customer={customer}")).Expect(200);

    private static IEnumerable<JsonNode> Nodes(JsonNode tree) => tree["children"]!.AsArray().SelectMany(child => Nodes(child!)).Prepend(tree);

    private static IEnumerable<string> Lines(JsonNode tree) => Nodes(tree).Select(node =>
        string.Join(' ', new[] { (string?)node["path"], $"{node["matches"]}", node["actual"]?.ToJsonString(Preview.Readable), (string?)node["flip"] }
            .Where(part => part is not null)));
}
