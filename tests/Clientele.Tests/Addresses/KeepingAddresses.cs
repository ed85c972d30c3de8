using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Addresses;

public sealed class KeepingAddresses(ClienteleApp app)
{
    private static readonly string[] Members =
    [
        "id", "customer", "address_type", "first_name", "last_name", "company", "phone", "address_line1", "address_line2", "city", "state",
        "state_name", "postal_code", "country", "country_name", "is_default", "full_address", "created_at", "updated_at",
    ];

    [Fact]
    public async Task An_address_is_created_read_replaced_patched_and_deleted()
    {
        var customer = await app.CustomerAsync();

        var home = Home(("company", " Analytical Engines "), ("phone", "+1 (234) 567-890"), ("address_line2", "Apt 4B"));
        var created = (await customer.Post(Lists.Addresses, home)).Expect(201);
        var url = created.Headers["Location"];
        Assert.Equal($"{Lists.Addresses}{created["id"]}/", url);
        Assert.Equal(Members, created.Json.AsObject().Select(member => member.Key));
        Assert.Equal((customer.Id, "Analytical Engines", "+1234567890"), ((long)created["customer"], (string)created["company"]!, (string)created["phone"]!));
        Assert.Equal("Ada Lovelace, Analytical Engines, 1 Main St, Apt 4B, New York, NY 10001, United States", (string)created["full_address"]!);
        Assert.Equal(created.Text, (await customer.Get(url)).Expect(200).Text);

        app.Clock.Advance(TimeSpan.FromMilliseconds(2));
        var move = new { city = "Albany", postal_code = "12207", company = (string?)null, address_type = "billing" };
        var patched = (await customer.Patch(url, move)).Expect(200);
        Assert.Equal(
            ("Albany", "12207", "billing", null, "Apt 4B"),
            ((string)patched["city"]!, (string)patched["postal_code"]!, (string)patched["address_type"]!,
             (string?)patched.Json["company"], (string)patched["address_line2"]!));
        Assert.Equal((string)created["created_at"]!, (string)patched["created_at"]!);
        Assert.NotEqual((string)created["updated_at"]!, (string)patched["updated_at"]!);

        var replaced = (await customer.Put(url, Home(("country", "FR"), ("city", "Paris"), ("postal_code", "75001"), ("state", null)))).Expect(200);
        Assert.All(["company", "phone", "address_line2", "state"], member => Assert.Null(replaced.Json[member]));
        Assert.Equal(("FRA", "Ada Lovelace, 1 Main St, 75001 Paris, France"), ((string)replaced["country"]!, (string)replaced["full_address"]!));

        Assert.Empty((await customer.Delete(url)).Expect(204).Text);
        (await customer.Get(url)).ExpectProblem(404);
        (await customer.Delete(url)).ExpectProblem(404);
    }

    [Fact]
    public async Task What_was_read_can_be_put_back()
    {
        var customer = await app.CustomerAsync();
        var created = (await customer.Post(Lists.Addresses, Home())).Expect(201);
        var url = created.Headers["Location"];

        Assert.Equal(created.Text, (await customer.Put(url, created.Text)).Expect(200).Text);
        Assert.Equal(created.ETag, (await customer.Patch(url, created.Text)).Expect(200).ETag);
    }

    [Theory]
    [InlineData("address_type", "null")]
    [InlineData("address_type", "\"home\"")]
    [InlineData("address_type", "\"Shipping\"")]
    [InlineData("first_name", "null")]
    [InlineData("first_name", "\" \"")]
    [InlineData("last_name", "7")]
    [InlineData("address_line1", "\"\"")]
    [InlineData("country", "null")]
    [InlineData("country", "\"Atlantis\"")]
    [InlineData("phone", "\"123\"")]
    [InlineData("is_default", "null")]
    [InlineData("is_default", "\"true\"")]
    [InlineData("company", "[]")]
    [InlineData("state", "\"ZZ\"")]
    [InlineData("postal_code", "\"1000\"")]
    public async Task A_wrong_member_is_named_by_every_write(string member, string json)
    {
        var customer = await app.CustomerAsync();
        var body = Home();
        var url = (await customer.Post(Lists.Addresses, body)).Expect(201).Headers["Location"];
        var before = (await customer.Get(url)).Text;

        body[member] = JsonNode.Parse(json);
        (await customer.Post(Lists.Addresses, body)).ExpectProblem(400, member);
        (await customer.Put(url, body)).ExpectProblem(400, member);
        (await customer.Patch(url, $"{{\"{member}\": {json}}}")).ExpectProblem(400, member);
        Assert.Equal(before, (await customer.Get(url)).Text);
    }

    [Theory]
    [InlineData("address_type")]
    [InlineData("first_name")]
    [InlineData("last_name")]
    [InlineData("address_line1")]
    [InlineData("country")]
    [InlineData("city")]
    [InlineData("state")]
    [InlineData("postal_code")]
    public async Task What_the_address_needs_is_named_where_it_is_missing(string member)
    {
        var customer = await app.CustomerAsync();
        var body = Home();
        var url = (await customer.Post(Lists.Addresses, body)).Expect(201).Headers["Location"];

        body.Remove(member);
        (await customer.Post(Lists.Addresses, body)).ExpectProblem(400, member);
        (await customer.Put(url, body)).ExpectProblem(400, member);
    }

    [Fact]
    public async Task Members_have_their_longest_values()
    {
        var customer = await app.CustomerAsync();

        (string Member, int Longest)[] limits =
        [
            ("first_name", 150), ("last_name", 150), ("company", 150), ("address_line1", 255), ("address_line2", 255), ("city", 100),
        ];
        foreach (var (member, longest) in limits)
        {
            (await customer.Post(Lists.Addresses, Home((member, new string('x', longest))))).Expect(201);
            (await customer.Post(Lists.Addresses, Home((member, new string('x', longest + 1))))).ExpectProblem(400, member);
        }
    }

    [Fact]
    public async Task An_admin_creates_for_a_customer_and_changes_and_deletes_theirs()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();

        var created = (await admin.Post(Lists.Addresses, Home(("customer", customer.Id)))).Expect(201);
        Assert.Equal(customer.Id, (long)created["customer"]);
        Assert.Equal(created.Text, (await customer.Get(created.Headers["Location"])).Expect(200).Text);
        Assert.Equal(admin.Id, (long)(await admin.Post(Lists.Addresses, Home())).Expect(201)["customer"]);
        (await admin.Post(Lists.Addresses, Home(("customer", 999_999_999)))).ExpectProblem(400, "customer");
        (await admin.Post(Lists.Addresses, Home(("customer", "me")))).ExpectProblem(400, "customer");

        // An address cannot move to another customer.
        Assert.Equal(customer.Id, (long)(await admin.Patch(created.Headers["Location"], new { customer = admin.Id, company = "c" })).Expect(200)["customer"]);
        Assert.Equal("c", (string)(await customer.Get(created.Headers["Location"]))["company"]!);
        (await admin.Post(created.Headers["Location"] + "set_default/")).Expect(200);
        (await admin.Delete(created.Headers["Location"])).Expect(204);
        (await customer.Get(created.Headers["Location"])).ExpectProblem(404);
    }

    [Fact]
    public async Task A_customer_has_only_their_own()
    {
        var customer = await app.CustomerAsync();
        var other = await app.CustomerAsync();
        var url = (await other.Post(Lists.Addresses, Home())).Expect(201).Headers["Location"];

        Assert.Equal(customer.Id, (long)(await customer.Post(Lists.Addresses, Home(("customer", other.Id), ("id", 1)))).Expect(201)["customer"]);
        (await customer.Get(url)).ExpectProblem(404);
        (await customer.Put(url, Home())).ExpectProblem(404);
        (await customer.Patch(url, "{}")).ExpectProblem(404);
        (await customer.Post(url + "set_default/")).ExpectProblem(404);
        (await customer.Delete(url)).ExpectProblem(404);
        Assert.Single((await other.Get(Lists.Addresses)).Ids());
    }

    [Fact]
    public async Task A_profile_holds_the_addresses_defaults_first_then_the_newest()
    {
        var customer = await app.CustomerAsync();
        foreach (var type in new[] { "shipping", "shipping", "billing", "billing" })
        {
            (await customer.Post(Lists.Addresses, Home(("address_type", type)))).Expect(201);
            app.Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        var listed = (await customer.Get(Lists.Addresses)).Expect(200)["results"].ToJsonString();

        Assert.Equal(listed, (await customer.Get(customer.Url))["addresses"].ToJsonString());
        Assert.Equal(listed, (await (await app.AdminAsync()).Get(customer.Url))["addresses"].ToJsonString());
    }

    [Fact]
    public async Task A_customer_has_so_many_addresses()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Addresses:PerCustomer"] = "3" } });
        var customer = await own.CustomerAsync();
        var admin = await own.AdminAsync();
        for (var i = 0; i < 3; i++)
        {
            (await customer.Post(Lists.Addresses, Home())).Expect(201);
        }

        Assert.Equal("too_many_addresses", (await customer.Post(Lists.Addresses, Home())).ExpectProblem(409).Code);
        (await admin.Post(Lists.Addresses, Home(("customer", customer.Id)))).ExpectProblem(409);
        (await admin.Post(Lists.Addresses, Home())).Expect(201);
        (await customer.Delete($"{Lists.Addresses}{(await customer.Get(Lists.Addresses)).Ids()[0]}/")).Expect(204);
        (await customer.Post(Lists.Addresses, Home())).Expect(201);
        Assert.Equal(100, new Server.Addresses.AddressBook.Settings().PerCustomer);
    }

    [Fact]
    public async Task An_address_has_a_version()
    {
        var customer = await app.CustomerAsync();
        var created = (await customer.Post(Lists.Addresses, Home())).Expect(201);
        var url = created.Headers["Location"];

        (await customer.Get(url, ("If-None-Match", created.ETag))).Expect(304);
        (await customer.Patch(url, new { company = "c" }, ("If-Match", created.ETag))).Expect(200);
        (await customer.Patch(url, new { company = "d" }, ("If-Match", created.ETag))).ExpectProblem(412);
        (await customer.Put(url, Home(), ("If-Match", created.ETag))).ExpectProblem(412);
        (await customer.Delete(url, ("If-Match", created.ETag))).ExpectProblem(412);
        (await customer.Delete(url, ("If-Match", (await customer.Get(url)).ETag))).Expect(204);
    }

    private static JsonObject Home(params (string Member, JsonNode? Value)[] with)
    {
        var body = new JsonObject
        {
            ["address_type"] = "shipping",
            ["first_name"] = "Ada",
            ["last_name"] = "Lovelace",
            ["address_line1"] = "1 Main St",
            ["city"] = "New York",
            ["state"] = "NY",
            ["postal_code"] = "10001",
            ["country"] = "USA",
        };
        foreach (var (member, value) in with)
        {
            body[member] = value;
        }

        return body;
    }
}
