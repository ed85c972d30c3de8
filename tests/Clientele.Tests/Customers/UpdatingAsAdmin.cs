using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

public sealed class UpdatingAsAdmin(ClienteleApp app)
{
    [Theory]
    [InlineData("is_verified", "true", "true")]
    [InlineData("is_vip", "true", "true")]
    [InlineData("is_active", "false", "false")]
    [InlineData("source", "\"fair\"", "\"fair\"")]
    [InlineData("source", "\"\"", "null")]
    [InlineData("source", "null", "null")]
    [InlineData("notes", "\"Likes tea.\\nCalls often.\"", "\"Likes tea.\\nCalls often.\"")]
    [InlineData("notes", "null", "null")]
    [InlineData("tags", "[\"wholesale\",\" Press \",\"PRESS\",\"Éte\\u0301\"]", "[\"Press\",\"wholesale\",\"Éte\\u0301\"]")]
    [InlineData("tags", "[]", "[]")]
    [InlineData("tags", "null", "[]")]
    [InlineData("metadata", "{\"b\":true,\"a\":\"text\",\"c\":1.50}", "{\"a\":\"text\",\"b\":true,\"c\":1.50}")]
    [InlineData("metadata", "null", "{}")]
    [InlineData("first_name", "\"Grace\"", "\"Grace\"")]
    [InlineData("preferred_currency", "\"eur\"", "\"EUR\"")]
    public async Task An_admin_writes_everything_that_is_writable(string member, string value, string stored)
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var before = (await admin.Get(customer.Url)).Json;

        var after = (await admin.Patch(customer.Url, $"{{\"{member}\": {value}}}")).Expect(200);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(stored), after.Json[member]), after.Json[member]?.ToJsonString());
        Assert.Equal(after.Text, (await admin.Get(customer.Url)).Text);
        string[] moving = [member, "full_name", "updated_at"];
        var others = before.AsObject().Where(other => !moving.Contains(other.Key));
        Assert.All(others, other => Assert.True(JsonNode.DeepEquals(other.Value, after.Json[other.Key]), other.Key));
    }

    [Theory]
    [InlineData("is_verified", "null", "is_verified")]
    [InlineData("is_vip", "\"yes\"", "is_vip")]
    [InlineData("is_active", "null", "is_active")]
    [InlineData("source", "1", "source")]
    [InlineData("notes", "[]", "notes")]
    [InlineData("tags", "\"wholesale\"", "tags")]
    [InlineData("tags", "[\"x\",1]", "tags/1")]
    [InlineData("tags", "[null]", "tags")]
    [InlineData("tags", "[\" \"]", "tags")]
    [InlineData("metadata", "[]", "metadata")]
    [InlineData("metadata", "{\"a\":{}}", "metadata.a")]
    [InlineData("metadata", "{\"a\":[1]}", "metadata.a")]
    [InlineData("metadata", "{\"\":1}", "metadata")]
    public async Task A_wrong_value_is_named(string member, string value, string named)
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();

        (await admin.Patch(customer.Url, $"{{\"{member}\": {value}}}")).ExpectProblem(400, named);
        var body = $$"""{"first_name":"A","last_name":"B","email":"{{customer.Email}}","{{member}}": {{value}}}""";
        (await admin.Put(customer.Url, body)).ExpectProblem(400, named);
    }

    [Fact]
    public async Task A_tag_has_fifty_characters_and_a_customer_a_hundred_tags()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();

        (await admin.Patch(customer.Url, new { tags = Enumerable.Range(0, 100).Select(i => $"{i}".PadLeft(50, 'x')) })).Expect(200);
        (await admin.Patch(customer.Url, new { tags = Enumerable.Range(0, 101).Select(i => $"{i}") })).ExpectProblem(400, "tags");
        (await admin.Patch(customer.Url, new { tags = new[] { new string('x', 51) } })).ExpectProblem(400, "tags");
    }

    [Fact]
    public async Task A_patch_merges_metadata_and_null_removes_a_member()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        (await admin.Patch(customer.Url, """{"metadata":{"erp":"A-7","score":7,"beta":true}}""")).Expect(200);

        var merged = (await admin.Patch(customer.Url, """{"metadata":{"score":8,"erp":null,"never":null,"new":"x"}}""")).Expect(200);
        Assert.Equal("""{"beta":true,"new":"x","score":8}""", merged["metadata"].ToJsonString());

        var untouched = (await admin.Patch(customer.Url, """{"metadata":{}}""")).Expect(200);
        Assert.Equal("""{"beta":true,"new":"x","score":8}""", untouched["metadata"].ToJsonString());

        var body = $$"""{"first_name":"A","last_name":"B","email":"{{customer.Email}}","metadata":{"only":1,"not":null} }""";
        var replaced = (await admin.Put(customer.Url, body)).Expect(200);
        Assert.Equal("""{"only":1}""", replaced["metadata"].ToJsonString());
    }

    [Fact]
    public async Task A_put_keeps_what_only_admins_write_where_it_leaves_that_out()
    {
        var customer = await app.CustomerAsync(with: new { source = "shop", gender = "x" });
        var admin = await app.AdminAsync();
        var staff = new { is_verified = true, is_vip = true, notes = "n", tags = new[] { "t" }, metadata = new { k = "v" } };
        var before = (await admin.Patch(customer.Url, staff)).Expect(200).Json;

        foreach (var actor in new[] { admin, customer })
        {
            (await actor.Put(customer.Url, new { first_name = "Grace", last_name = "Hopper", email = customer.Email })).Expect(200);

            var after = (await admin.Get(customer.Url)).Json;
            Assert.All(
                ["is_verified", "is_vip", "is_active", "source", "notes", "tags", "metadata"],
                member => Assert.True(JsonNode.DeepEquals(before[member], after[member]), member));
            Assert.Null(after["gender"]);
        }
    }

    [Fact]
    public async Task Nothing_else_is_writable_even_by_an_admin()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var before = (await admin.Get(customer.Url)).Text;

        (await admin.Patch(customer.Url, new
        {
            id = 1,
            uuid = Guid.Empty,
            username = "another",
            is_staff = true,
            phone_verified = true,
            loyalty_points = 5,
            loyalty_tier = "gold",
            total_spent = "1.00",
            total_orders = 2,
            last_order_date = "2000-01-01T00:00:00Z",
            date_joined = "2000-01-01T00:00:00Z",
            created_at = "2000-01-01T00:00:00Z",
            last_login = "2000-01-01T00:00:00Z",
            customer_groups = new[] { 1 },
            password = "x",
        })).Expect(200);

        Assert.Equal(before, (await admin.Get(customer.Url)).Text);
    }

    [Fact]
    public async Task Switching_is_active_does_what_the_actions_do()
    {
        foreach (var put in new[] { false, true })
        {
            var customer = await app.CustomerAsync();
            var admin = await app.AdminAsync();
            Task<Answer> SwitchAsync(bool active) => put
                ? admin.Put(customer.Url, new { first_name = "A", last_name = "B", email = customer.Email, is_active = active })
                : admin.Patch(customer.Url, new { is_active = active });

            Assert.False((bool)(await SwitchAsync(false)).Expect(200)["is_active"]);
            (await customer.Get(customer.Url)).ExpectProblem(401);
            (await app.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).ExpectProblem(401);
            (await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(401);

            Assert.True((bool)(await SwitchAsync(true)).Expect(200)["is_active"]);
            (await customer.Get(customer.Url)).ExpectProblem(401);
            (await (await app.SignInAsync(customer.Username, customer.Password)).Get(customer.Url)).Expect(200);
        }
    }

    [Fact]
    public async Task The_last_active_admin_stays_active()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();

        Assert.Equal("last_admin", (await admin.Patch(admin.Url, new { is_active = false })).ExpectProblem(409).Code);
        Assert.Equal("last_admin", (await admin.Post(admin.Url + "deactivate/")).ExpectProblem(409).Code);
        Assert.Equal("last_admin", (await admin.Delete(admin.Url)).ExpectProblem(409).Code);

        // A deactivated admin does not count as a second admin; a reactivated one does.
        var other = await own.NewAdminAsync();
        (await admin.Post(other.Url + "deactivate/")).Expect(200);
        (await admin.Post(admin.Url + "deactivate/")).ExpectProblem(409);
        (await admin.Patch(other.Url, new { is_active = true })).Expect(200);
        (await admin.Post(admin.Url + "deactivate/")).Expect(200);
        other = await own.SignInAsync(other.Username, other.Password, other.Id);
        (await other.Delete(other.Url)).ExpectProblem(409);
    }
}
