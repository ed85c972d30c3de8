using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Groups;

public sealed class KeepingGroups(OwnApp app) : IClassFixture<OwnApp>
{
    private const string Rule = """{"field":"username","op":"eq","value":"nobody at all"}""";

    [Fact]
    public async Task A_group_is_created_read_replaced_patched_and_deleted()
    {
        var admin = await app.AdminAsync();
        var name = Unique();

        var body = new { name = $" {name} ", description = "Top tier", discount_percentage = 15.5, priority_support = true, free_shipping = true };
        var created = (await admin.Post(Lists.Groups, body)).Expect(201);
        var url = created.Headers["Location"];
        Assert.Equal($"{Lists.Groups}{created["id"]}/", url);
        Assert.Equal(
            (name, "Top tier", "15.50", 0),
            ((string)created["name"]!, (string)created["description"]!, (string)created["discount_percentage"]!, (int)created["members_count"]));
        Assert.Equal((true, true, false), ((bool)created["priority_support"], (bool)created["free_shipping"], (bool)created["auto_assign"]));
        Assert.Empty(created["assignment_rules"].AsObject());
        Assert.Equal(created.Text, (await admin.Get(url)).Expect(200).Text);

        var patched = (await admin.Patch(url, new { discount_percentage = "20", free_shipping = false })).Expect(200);
        Assert.Equal(
            ("20.00", false, true, "Top tier"),
            ((string)patched["discount_percentage"]!, (bool)patched["free_shipping"], (bool)patched["priority_support"], (string)patched["description"]!));

        var replaced = (await admin.Put(url, new { name })).Expect(200);
        Assert.Equal(("", "0.00", false), ((string)replaced["description"]!, (string)replaced["discount_percentage"]!, (bool)replaced["priority_support"]));
        Assert.Equal(replaced.Text, (await admin.Put(url, replaced.Text)).Expect(200).Text);

        (await admin.Delete(url)).Expect(204);
        (await admin.Get(url)).ExpectProblem(404);
        (await admin.Get(url + "members/")).ExpectProblem(404);
        (await admin.Patch(url, "{}")).ExpectProblem(404);
        (await admin.Delete(url)).ExpectProblem(404);
    }

    [Fact]
    public async Task Only_admins_see_how_members_are_found()
    {
        var admin = await app.AdminAsync();
        var customer = await app.CustomerAsync();
        var url = await CreateAsync(admin, Unique());

        string[] everybodys =
        [
            "id", "name", "description", "auto_assign", "discount_percentage", "priority_support", "free_shipping", "members_count",
            "created_at", "updated_at",
        ];
        var seen = (await customer.Get(url)).Expect(200);
        Assert.Equal(everybodys, seen.Json.AsObject().Select(member => member.Key));
        Assert.All((await customer.Get(Lists.Groups)).Results(), group => Assert.Null(group["assignment_rules"]));
        var members = (await admin.Get(url)).Json.AsObject().Select(member => member.Key).ToHashSet();
        Assert.Subset(members, new HashSet<string>([.. everybodys, "assignment_rules", "state", "progress", "evaluated_at", "error"]));
    }

    [Theory]
    [InlineData("name", "null")]
    [InlineData("name", "\" \"")]
    [InlineData("name", "5")]
    [InlineData("description", "null")]
    [InlineData("auto_assign", "\"yes\"")]
    [InlineData("discount_percentage", "-0.01")]
    [InlineData("discount_percentage", "100.01")]
    [InlineData("discount_percentage", "\"12.345\"")]
    [InlineData("discount_percentage", "12.345")]
    [InlineData("discount_percentage", "\"a lot\"")]
    [InlineData("discount_percentage", "\"1e1\"")]
    [InlineData("discount_percentage", "null")]
    [InlineData("discount_percentage", "true")]
    [InlineData("priority_support", "1")]
    [InlineData("free_shipping", "null")]
    [InlineData("assignment_rules", "[]")]
    [InlineData("assignment_rules", "\"is_vip\"")]
    public async Task A_wrong_member_is_named_by_every_write(string member, string json)
    {
        var admin = await app.AdminAsync();
        var url = await CreateAsync(admin, Unique());
        var before = (await admin.Get(url)).Text;
        var body = new JsonObject { ["name"] = Unique() };
        body[member] = JsonNode.Parse(json);

        (await admin.Post(Lists.Groups, body)).ExpectProblem(400, member);
        (await admin.Put(url, body)).ExpectProblem(400, member);
        (await admin.Patch(url, $"{{\"{member}\": {json}}}")).ExpectProblem(400, member);
        Assert.Equal(before, (await admin.Get(url)).Text);
    }

    [Theory]
    [InlineData("0", "0.00")]
    [InlineData("100", "100.00")]
    [InlineData("\"100.00\"", "100.00")]
    [InlineData("0.01", "0.01")]
    [InlineData("\"7.5\"", "7.50")]
    [InlineData("33.33", "33.33")]
    [InlineData("29.99", "29.99")]
    public async Task Percentages_are_numbers_or_texts_and_answered_as_texts(string given, string stored)
    {
        var admin = await app.AdminAsync();

        var created = (await admin.Post(Lists.Groups, $"{{\"name\": \"{Unique()}\", \"discount_percentage\": {given}}}")).Expect(201);

        Assert.Equal(stored, (string)created["discount_percentage"]!);
        Assert.Equal(stored, (string)(await admin.Get(created.Headers["Location"]))["discount_percentage"]!);
    }

    [Fact]
    public async Task Names_are_unique_without_regard_to_case_and_Unicode_form()
    {
        var admin = await app.AdminAsync();
        var name = Unique();
        var first = await CreateAsync(admin, $"Été {name}");
        var second = await CreateAsync(admin, $"Other {name}");

        foreach (var taken in new[] { $"Été {name}", $"ÉTÉ {name}", $"E\u0301te\u0301 {name}", $"  été {name.ToUpperInvariant()} " })
        {
            (await admin.Post(Lists.Groups, new { name = taken })).ExpectProblem(400, "name");
            (await admin.Patch(second, new { name = taken })).ExpectProblem(400, "name");
            (await admin.Put(second, new { name = taken })).ExpectProblem(400, "name");
        }

        Assert.Equal($"Other {name}", (string)(await admin.Get(second))["name"]!);

        // The group's own name in another case is no conflict; a name that is given up becomes free.
        (await admin.Patch(first, new { name = $"ÉTÉ {name}" })).Expect(200);
        (await admin.Patch(first, new { name = $"Hiver {name}" })).Expect(200);
        (await admin.Patch(second, new { name = $"été {name}" })).Expect(200);
        (await admin.Delete(first)).Expect(204);
        await CreateAsync(admin, $"HIVER {name}");
    }

    [Fact]
    public async Task A_name_has_a_hundred_characters()
    {
        var admin = await app.AdminAsync();
        var name = Unique();

        await CreateAsync(admin, name.PadRight(100, 'x'));
        (await admin.Post(Lists.Groups, new { name = name.PadRight(101, 'x') })).ExpectProblem(400, "name");
        (await admin.Post(Lists.Groups, "{}")).ExpectProblem(400, "name");
        (await admin.Post(Lists.Groups, new { name = Unique(), description = new string('x', 2001) })).ExpectProblem(400, "description");
    }

    [Fact]
    public async Task Automatic_assignment_needs_a_rule()
    {
        var admin = await app.AdminAsync();
        foreach (var without in new[] { "", ", \"assignment_rules\": null", ", \"assignment_rules\": {}" })
        {
            (await admin.Post(Lists.Groups, $"{{\"name\": \"{Unique()}\", \"auto_assign\": true{without}}}")).ExpectProblem(400, "assignment_rules");
        }

        var segment = (await admin.Post(Lists.Groups, $"{{\"name\": \"{Unique()}\", \"auto_assign\": true, \"assignment_rules\": {Rule}}}")).Expect(201);
        var url = segment.Headers["Location"];
        Assert.Equal(Rule, segment["assignment_rules"].ToJsonString());
        (await admin.Patch(url, new { assignment_rules = (object?)null })).ExpectProblem(400, "assignment_rules");
        Assert.Equal(Rule, (await admin.Put(url, new { name = Unique(), auto_assign = true })).Expect(200)["assignment_rules"].ToJsonString());
        (await admin.Patch(url, new { auto_assign = false, assignment_rules = (object?)null })).Expect(200);
        (await admin.Patch(url, new { auto_assign = true })).ExpectProblem(400, "assignment_rules");
        (await admin.Patch(url, $"{{\"assignment_rules\": {Rule}}}")).Expect(200);
        Assert.True((bool)(await admin.Patch(url, new { auto_assign = true })).Expect(200)["auto_assign"]);
    }

    [Fact]
    public async Task A_group_has_a_version_that_memberships_do_not_move()
    {
        var admin = await app.AdminAsync();
        var url = await CreateAsync(admin, Unique());
        var read = (await admin.Get(url)).ETag;

        (await admin.Get(url, ("If-None-Match", read))).Expect(304);
        (await admin.Post(url + "add_member/", new { customer_id = admin.Id })).Expect(200);
        (await admin.Get(url, ("If-None-Match", read))).Expect(200);
        (await admin.Patch(url, new { description = "d" }, ("If-Match", read))).Expect(200);
        (await admin.Patch(url, new { description = "e" }, ("If-Match", read))).ExpectProblem(412);
        (await admin.Put(url, new { name = Unique() }, ("If-Match", read))).ExpectProblem(412);
        (await admin.Delete(url, ("If-Match", read))).ExpectProblem(412);
        (await admin.Delete(url, ("If-Match", (await admin.Get(url)).ETag))).Expect(204);
    }

    [Fact]
    public async Task Groups_are_searched_ordered_and_paged()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var customer = await own.CustomerAsync();
        var ids = new Dictionary<string, long>();
        (string Name, string Description)[] groups =
        [
            ("beta", "Wholesale buyers"), ("Alpha", "50% off"), ("éclair", "Café & wholesale"), ("zoo", "x_y"), ("GAMMA", ""),
        ];
        foreach (var (name, description) in groups)
        {
            ids[name] = (long)(await admin.Post(Lists.Groups, new { name, description })).Expect(201)["id"];
            own.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        (await admin.Post($"{Lists.Groups}{ids["beta"]}/add_member/", new { customer_ids = new[] { admin.Id, customer.Id } })).Expect(200);
        (await admin.Post($"{Lists.Groups}{ids["zoo"]}/add_member/", new { customer_id = customer.Id })).Expect(200);
        foreach (var (query, expected) in new[]
        {
            ("", "Alpha beta GAMMA zoo éclair"),
            ("?ordering=name", "Alpha beta GAMMA zoo éclair"),
            ("?ordering=-name", "éclair zoo GAMMA beta Alpha"),
            ("?ordering=created_at", "beta Alpha éclair zoo GAMMA"),
            ("?ordering=-created_at", "GAMMA zoo éclair Alpha beta"),
            ("?ordering=members_count", "Alpha éclair GAMMA zoo beta"),
            ("?ordering=-members_count", "beta zoo GAMMA éclair Alpha"),
            ("?ordering=-members_count,name", "beta zoo Alpha GAMMA éclair"),
            ("?search=WHOLESALE", "beta éclair"),
            ("?search=cafe+wholesale", "éclair"),
            ("?search=eclair", "éclair"),
            ("?search=50%25", "Alpha"),
            ("?search=%25off", ""),
            ("?search=x_y", "zoo"),
            ("?search=nothing", ""),
        })
        {
            var pages = await customer.PagesAsync($"{Lists.Groups}{query}{(query.Length == 0 ? "?" : "&")}page_size=2&cursor=");
            Assert.Equal(expected, string.Join(' ', pages.SelectMany(page => page.Results()).Select(group => (string)group["name"]!)));
            Assert.Equal(expected, string.Join(' ', (await admin.Get(Lists.Groups + query)).Expect(200).Results().Select(group => (string)group["name"]!)));
        }

        (await admin.Get(Lists.Groups + "?ordering=discount_percentage")).ExpectProblem(400, "ordering");
        (await admin.Get(Lists.Groups + "?free_shipping=true")).ExpectProblem(400, "free_shipping");
    }

    private static string Unique() => $"g{Guid.NewGuid():N}";

    private static async Task<string> CreateAsync(Actor admin, string name) => (await admin.Post(Lists.Groups, new { name })).Expect(201).Headers["Location"];
}
