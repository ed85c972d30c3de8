using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

public sealed class UpdatingProfiles(ClienteleApp app)
{
    private const string UpdateProfile = "/api/customers/customers/update_profile/";

    /// <summary>What the owner may write: the member, a value, and how it is stored.</summary>
    public static TheoryData<string, string, string> Writable => new()
    {
        { "first_name", "\" Grace \"", "\"Grace\"" },
        { "last_name", "\"Hopper\"", "\"Hopper\"" },
        { "last_name", "\"\"", "\"\"" },
        { "phone", "\"+49 (30) 123-45.67\"", "\"+49301234567\"" },
        { "phone", "null", "null" },
        { "phone", "\"\"", "null" },
        { "date_of_birth", "\"2000-02-29\"", "\"2000-02-29\"" },
        { "date_of_birth", "null", "null" },
        { "gender", "\"12345678901234567890\"", "\"12345678901234567890\"" },
        { "gender", "null", "null" },
        { "gender", "\"\"", "null" },
        { "accepts_marketing_email", "false", "false" },
        { "accepts_marketing_sms", "true", "true" },
        { "preferred_language", "\"ZH-hant-tw\"", "\"zh-Hant-TW\"" },
        { "preferred_currency", "\"jpy\"", "\"JPY\"" },
    };

    [Theory]
    [MemberData(nameof(Writable))]
    public async Task A_patch_writes_one_member_and_leaves_the_others(string member, string value, string stored)
    {
        var customer = await FullCustomerAsync();
        var before = (await customer.Get(customer.Url)).Json;

        foreach (var url in new[] { customer.Url, UpdateProfile })
        {
            var after = (await customer.Patch(url, $"{{\"{member}\": {value}}}")).Expect(200);

            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(stored), after.Json[member]), after.Json[member]?.ToJsonString());
            Assert.Equal(after.Text, (await customer.Get(customer.Url)).Text);
            string[] moving = [member, "full_name", "updated_at", "phone_verified"];
            var others = before.AsObject().Where(other => !moving.Contains(other.Key));
            Assert.All(others, other => Assert.True(JsonNode.DeepEquals(other.Value, after.Json[other.Key]), other.Key));
        }
    }

    [Theory]
    [InlineData("first_name", "null")]
    [InlineData("first_name", "\" \"")]
    [InlineData("first_name", "7")]
    [InlineData("last_name", "null")]
    [InlineData("last_name", "\"Lo\\nve\"")]
    [InlineData("email", "null")]
    [InlineData("email", "\"no-mail\"")]
    [InlineData("phone", "\"12\"")]
    [InlineData("phone", "7")]
    [InlineData("date_of_birth", "\"yesterday\"")]
    [InlineData("date_of_birth", "\"2001-02-29\"")]
    [InlineData("date_of_birth", "\"2999-01-01\"")]
    [InlineData("gender", "\"123456789012345678901\"")]
    [InlineData("gender", "1")]
    [InlineData("accepts_marketing_email", "null")]
    [InlineData("accepts_marketing_email", "\"yes\"")]
    [InlineData("accepts_marketing_sms", "1")]
    [InlineData("preferred_language", "null")]
    [InlineData("preferred_language", "\"not a language\"")]
    [InlineData("preferred_currency", "null")]
    [InlineData("preferred_currency", "\"XYZ\"")]
    public async Task A_wrong_value_is_named_and_changes_nothing(string member, string value)
    {
        var customer = await FullCustomerAsync();
        var before = (await customer.Get(customer.Url)).Text;

        (await customer.Patch(customer.Url, $"{{\"id\": 1, \"{member}\": {value}}}")).ExpectProblem(400, member);
        (await customer.Patch(UpdateProfile, $"{{\"{member}\": {value}}}")).ExpectProblem(400, member);

        var put = new JsonObject { ["first_name"] = "A", ["last_name"] = "B", ["email"] = customer.Email };
        put[member] = JsonNode.Parse(value);
        (await customer.Put(customer.Url, put)).ExpectProblem(400, member);
        (await customer.Put(UpdateProfile, put)).ExpectProblem(400, member);
        Assert.Equal(before, (await customer.Get(customer.Url)).Text);
    }

    [Fact]
    public async Task A_put_needs_the_names_and_the_email()
    {
        var customer = await app.CustomerAsync();

        foreach (var url in new[] { customer.Url, UpdateProfile })
        {
            var problem = (await customer.Put(url, "{}")).ExpectProblem(400);
            Assert.Equal(["email", "first_name", "last_name"], problem["errors"].AsObject().Select(error => error.Key).Order());
        }
    }

    [Fact]
    public async Task A_put_takes_what_is_left_out_back_to_its_default()
    {
        foreach (var url in new[] { "own", UpdateProfile })
        {
            var customer = await FullCustomerAsync();
            var before = (await customer.Get(customer.Url)).Json;

            var body = new { first_name = "Grace", last_name = "Hopper", email = customer.Email };
            var after = (await customer.Put(url == "own" ? customer.Url : url, body)).Expect(200).Json;

            Assert.Equal("Grace Hopper", (string)after["full_name"]!);
            Assert.All(["phone", "date_of_birth", "gender"], member => Assert.Null(after[member]));
            Assert.All(["accepts_marketing_email", "accepts_marketing_sms"], member => Assert.False((bool)after[member]!));
            Assert.Equal(("en", "USD"), ((string)after["preferred_language"]!, (string)after["preferred_currency"]!));
            Assert.All(
                ["id", "uuid", "username", "email", "source", "date_joined", "created_at"],
                member => Assert.True(JsonNode.DeepEquals(before[member], after[member]), member));
        }
    }

    [Fact]
    public async Task What_was_read_can_be_put_back()
    {
        var customer = await FullCustomerAsync();
        var admin = await app.AdminAsync();
        (await admin.Patch(customer.Url, new { is_vip = true, tags = new[] { "a" }, notes = "n", metadata = new { k = 1 } })).Expect(200);

        foreach (var actor in new[] { customer, admin })
        {
            var read = (await actor.Get(customer.Url)).Expect(200);
            Assert.Equal(read.Text, (await actor.Put(customer.Url, read.Text)).Expect(200).Text);
            Assert.Equal(read.Text, (await actor.Patch(customer.Url, read.Text)).Expect(200).Text);
            Assert.Equal(read.ETag, (await actor.Get(customer.Url)).ETag);
        }
    }

    [Fact]
    public async Task Members_of_others_are_ignored_from_the_owner()
    {
        var customer = await FullCustomerAsync();
        var admin = await app.AdminAsync();
        var before = (await admin.Get(customer.Url)).Text;
        var body = new
        {
            id = 1,
            uuid = Guid.Empty,
            username = "another",
            is_verified = true,
            is_vip = "not even a boolean",
            is_active = false,
            is_staff = true,
            source = "x",
            notes = "x",
            tags = new[] { "x" },
            metadata = new { x = new { y = 1 } },
            phone_verified = true,
            loyalty_points = 5,
            loyalty_tier = "gold",
            total_spent = "1.00",
            date_joined = "2000-01-01T00:00:00Z",
            customer_groups = new[] { 1 },
            addresses = new[] { 1 },
            version = 99,
            Gender = "other case",
        };

        (await customer.Patch(customer.Url, body)).Expect(200);
        (await customer.Patch(UpdateProfile, body)).Expect(200);

        Assert.Equal(before, (await admin.Get(customer.Url)).Text);
    }

    [Fact]
    public async Task A_changed_phone_is_not_verified_any_more()
    {
        var customer = await FullCustomerAsync();
        await app.ChangeRowAsync(customer.Id, row => row.PhoneVerified = true);

        Assert.True((bool)(await customer.Patch(customer.Url, new { phone = "+1 (234) 567-890" })).Expect(200)["phone_verified"]);
        Assert.True((bool)(await customer.Patch(customer.Url, new { first_name = "Grace" })).Expect(200)["phone_verified"]);
        Assert.False((bool)(await customer.Patch(customer.Url, new { phone = "+1234567891" })).Expect(200)["phone_verified"]);

        await app.ChangeRowAsync(customer.Id, row => row.PhoneVerified = true);
        Assert.False((bool)(await customer.Patch(customer.Url, new { phone = (string?)null })).Expect(200)["phone_verified"]);
    }

    [Fact]
    public async Task A_customer_without_names_is_called_by_the_username()
    {
        var customer = await app.CustomerAsync();
        await app.ChangeRowAsync(customer.Id, row =>
        {
            (row.FirstName, row.LastName) = ("", "");
            row.DeriveKeys();
        });
        var admin = await app.AdminAsync();

        Assert.Equal(customer.Username, (string)(await customer.Get(customer.Url)).Expect(200)["full_name"]!);
        Assert.Equal(customer.Username, (string)(await admin.Get($"{Lists.Customers}?ids={customer.Id}")).Results().Single()["full_name"]!);

        await app.ChangeRowAsync(customer.Id, row => row.LastName = "Hopper");
        Assert.Equal("Hopper", (string)(await customer.Get(customer.Url)).Expect(200)["full_name"]!);
        Assert.Equal("Hopper", (string)(await admin.Get($"{Lists.Customers}?ids={customer.Id}")).Results().Single()["full_name"]!);
    }

    [Fact]
    public async Task The_own_profile_is_the_own_customer()
    {
        var customer = await app.CustomerAsync();

        var me = (await customer.Get("/api/customers/customers/me/")).Expect(200);

        Assert.Equal((await customer.Get(customer.Url)).Text, me.Text);
        Assert.Equal(customer.Id, (long)me["id"]);
        Assert.Equal(me.Text, (await customer.Get("/api/customers/customers/me")).Expect(200).Text);
    }

    [Fact]
    public async Task Admins_see_more_than_the_owner()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();

        var owners = (await customer.Get(customer.Url)).Json.AsObject().Select(member => member.Key).ToList();
        var admins = (await admin.Get(customer.Url)).Json.AsObject().Select(member => member.Key).ToList();

        Assert.Equal([.. owners, "is_staff", "last_login", "notes", "tags", "metadata"], admins);
        Assert.Equal(owners, (await customer.Patch(customer.Url, new { gender = "x" })).Json.AsObject().Select(member => member.Key));
        Assert.Equal(admins, (await admin.Patch(customer.Url, new { gender = "y" })).Json.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task The_average_is_to_the_cent_and_zero_without_orders()
    {
        var customer = await app.CustomerAsync();
        await app.ChangeRowAsync(customer.Id, row => (row.TotalOrders, row.TotalSpent) = (15, 245_000));
        Assert.Equal("163.33", (string)(await customer.Get(customer.Url))["average_order_value"]!);

        await app.ChangeRowAsync(customer.Id, row => (row.TotalOrders, row.TotalSpent) = (0, 0));
        Assert.Equal("0.00", (string)(await customer.Get(customer.Url))["average_order_value"]!);
    }

    [Fact]
    public async Task Customers_are_created_by_registering()
    {
        var admin = await app.AdminAsync();

        var refused = (await admin.Post(Lists.Customers, new { username = "x" })).ExpectProblem(405);

        Assert.Equal("GET, HEAD", refused.Headers["Allow"]);
    }

    private Task<Actor> FullCustomerAsync() => app.CustomerAsync(with: new
    {
        phone = "+1234567890",
        date_of_birth = "1990-05-17",
        gender = "female",
        accepts_marketing_email = true,
        accepts_marketing_sms = true,
        preferred_language = "de",
        preferred_currency = "EUR",
        source = "shop",
    });
}
