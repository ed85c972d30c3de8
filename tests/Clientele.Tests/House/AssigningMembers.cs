using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Only the members that the contract lists are writable, per role. Everything else in a body is ignored, however it is spelt.</summary>
public sealed class AssigningMembers(ClienteleApp app)
{
    /// <summary>Members that nobody can write, each with a value that it never has by itself.</summary>
    private static readonly Dictionary<string, object?> ReadOnly = new()
    {
        ["id"] = 1,
        ["uuid"] = "00000000-0000-7000-8000-000000000001",
        ["username"] = "somebody-else",
        ["full_name"] = "Somebody Else",
        ["phone_verified"] = true,
        ["total_orders"] = 99,
        ["total_spent"] = "9999.00",
        ["average_order_value"] = "99.00",
        ["last_order_date"] = "2020-01-01T00:00:00Z",
        ["loyalty_points"] = 9999,
        ["loyalty_tier"] = "platinum",
        ["customer_groups"] = new[] { new { id = 1 } },
        ["addresses"] = new[] { new { id = 1 } },
        ["date_joined"] = "2020-01-01T00:00:00Z",
        ["created_at"] = "2020-01-01T00:00:00Z",
        ["updated_at"] = "2020-01-01T00:00:00Z",
        ["is_staff"] = true,
        ["is_superuser"] = true,
        ["last_login"] = "2020-01-01T00:00:00Z",
        ["version"] = 99,
        ["security_version"] = 99,
        ["password"] = "another-password-1",
        ["password_hash"] = "x",
        ["search_text"] = "x",
        ["role"] = "admin",
    };

    /// <summary>Members that only an admin can write.</summary>
    private static readonly Dictionary<string, object?> AdminOnly = new()
    {
        ["is_verified"] = true,
        ["is_vip"] = true,
        ["is_active"] = false,
        ["source"] = "elsewhere",
        ["notes"] = "a friend of the house",
        ["tags"] = new[] { "friend" },
        ["metadata"] = new { friend = true },
    };

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task An_owner_changes_neither_what_is_read_only_nor_what_is_for_admins(string method)
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var before = (await admin.Get(customer.Url)).Expect(200);

        foreach (var body in Spellings(ReadOnly.Concat(AdminOnly).ToDictionary()).Select(body => With(body, customer)))
        {
            foreach (var url in new[] { customer.Url, "/api/customers/customers/update_profile/" })
            {
                (await customer.Send(HttpMethod.Parse(method), url, body)).Expect(200);
            }
        }

        Assert.Equal(before.Text, (await admin.Get(customer.Url)).Text);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task An_admin_changes_nothing_that_is_read_only(string method)
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var before = (await admin.Get(customer.Url)).Expect(200);

        foreach (var body in Spellings(ReadOnly).Select(body => With(body, customer)))
        {
            (await admin.Send(HttpMethod.Parse(method), customer.Url, body)).Expect(200);
        }

        Assert.Equal(before.Text, (await admin.Get(customer.Url)).Text);
    }

    [Fact]
    public async Task An_admin_changes_what_is_for_admins_by_its_own_name_only()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var before = (await admin.Get(customer.Url)).Expect(200);
        foreach (var body in Spellings(AdminOnly).Skip(1))
        {
            (await admin.Patch(customer.Url, body)).Expect(200);
        }

        Assert.Equal(before.Text, (await admin.Get(customer.Url)).Text);

        var after = (await admin.Patch(customer.Url, Spellings(AdminOnly).First())).Expect(200);
        Assert.All(AdminOnly.Keys, member => Assert.NotEqual(before.Json[member]?.ToJsonString(), after.Json[member]?.ToJsonString()));
    }

    [Fact]
    public async Task Nobody_registers_with_more_than_a_name_and_a_profile()
    {
        var admin = await app.AdminAsync();
        var forbidden = ReadOnly.Concat(AdminOnly).Where(member => member.Key is not ("username" or "password" or "source")).ToDictionary();
        var plain = await RegisterAsync($"plain-{Guid.NewGuid():N}", []);
        foreach (var body in Spellings(forbidden))
        {
            var registered = await RegisterAsync($"greedy-{Guid.NewGuid():N}", body);

            string[] generated = ["id", "uuid", "date_joined", "created_at", "updated_at"];
            Assert.All(forbidden.Keys.Where(plain.AsObject().ContainsKey).Except(generated), member =>
                Assert.Equal(plain[member]?.ToJsonString(), registered[member]?.ToJsonString()));
            Assert.All(generated, member =>
                Assert.NotEqual(Convert.ToString(ReadOnly[member], CultureInfo.InvariantCulture), registered[member]!.ToString()));
        }

        async Task<JsonNode> RegisterAsync(string username, JsonObject with)
        {
            var body = Given.Registration(username);
            foreach (var (member, value) in with)
            {
                body.TryAdd(member, value?.DeepClone());
            }

            var registered = (await app.Stranger.Post("/api/customers/register/", body)).Expect(201);
            return (await admin.Get($"/api/customers/customers/{registered["id"]}/")).Expect(200).Json;
        }
    }

    [Fact]
    public async Task An_address_stays_whose_it_is_and_what_it_was()
    {
        var (customer, other) = (await app.CustomerAsync(), await app.CustomerAsync());
        Dictionary<string, object?> readOnly = new()
        {
            ["id"] = 1,
            ["customer"] = other.Id,
            ["customer_id"] = other.Id,
            ["full_address"] = "x",
            ["created_at"] = "2020-01-01T00:00:00Z",
            ["updated_at"] = "2020-01-01T00:00:00Z",
            ["version"] = 9,
        };
        foreach (var body in Spellings(readOnly))
        {
            var given = System.Text.Json.JsonSerializer.SerializeToNode(Given.Address())!.AsObject().Where(member => member.Key != "customer");
            var merged = new JsonObject([.. given.Select(Copy), .. body.Select(Copy)]);
            var created = (await customer.Post("/api/customers/addresses/", merged)).Expect(201);
            Assert.Equal(customer.Id, (long)created["customer"]);
            var url = $"/api/customers/addresses/{created["id"]}/";

            Assert.Equal(created.Text, (await customer.Patch(url, body)).Expect(200).Text);
            merged["is_default"] = (bool)created["is_default"];
            Assert.Equal(created.Text, (await customer.Put(url, merged)).Expect(200).Text);
        }

        Assert.Equal(0, (int)(await other.Get("/api/customers/addresses/")).Expect(200)["count"]);
    }

    [Fact]
    public async Task A_group_keeps_its_number_and_its_count()
    {
        var admin = await app.AdminAsync();
        var group = (await admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" })).Expect(201);
        Dictionary<string, object?> readOnly = new()
        {
            ["id"] = 1,
            ["members_count"] = 99,
            ["created_at"] = "2020-01-01T00:00:00Z",
            ["updated_at"] = "2020-01-01T00:00:00Z",
            ["version"] = 9,
            ["name_key"] = "x",
        };
        foreach (var body in Spellings(readOnly))
        {
            Assert.Equal(group.Text, (await admin.Patch($"/api/customers/groups/{group["id"]}/", body)).Expect(200).Text);
        }
    }

    [Fact]
    public async Task A_member_given_twice_is_refused()
    {
        var customer = await app.CustomerAsync();

        (await customer.Patch(customer.Url, """{"gender": "female", "gender": "male"}""")).ExpectProblem(400, "gender");
        (await customer.Patch(customer.Url, """{"is_staff": false, "is_staff": true}""")).ExpectProblem(400, "is_staff");
    }

    private static KeyValuePair<string, JsonNode?> Copy(KeyValuePair<string, JsonNode?> member) => KeyValuePair.Create(member.Key, member.Value?.DeepClone());

    private static JsonObject With(JsonObject body, Actor customer)
    {
        (body["first_name"], body["last_name"], body["email"]) = ("Ada", "Lovelace", customer.Email);
        return body;
    }

    /// <summary>The members by their own names, in other cases, and nested.</summary>
    private static IEnumerable<JsonObject> Spellings(Dictionary<string, object?> members)
    {
        yield return Named(name => name);
        yield return Named(name => name.ToUpperInvariant());
        yield return Named(name => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
        yield return Named(name => name + " ");
        yield return new JsonObject { ["customer"] = Named(name => name), ["account"] = Named(name => name), ["user"] = Named(name => name) };

        JsonObject Named(Func<string, string> spell) =>
            new(members.Select(member => KeyValuePair.Create(spell(member.Key), System.Text.Json.JsonSerializer.SerializeToNode(member.Value))));
    }
}
