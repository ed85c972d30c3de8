using System.Text.Json.Nodes;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

public sealed class RegisteringCustomers(ClienteleApp app)
{
    private const string Register = "/api/customers/register/";

    [Fact]
    public async Task A_registration_answers_with_the_whole_customer_and_where_it_is()
    {
        var name = Unique();

        var answer = await RegisterAsync(name, new { phone = "+1 (234) 567-890" });

        answer.Expect(201);
        Assert.Equal(
            [
                "id", "uuid", "username", "email", "pending_email", "first_name", "last_name", "full_name", "phone", "phone_verified", "date_of_birth",
                "gender", "accepts_marketing_email", "accepts_marketing_sms", "total_orders", "total_spent", "average_order_value", "last_order_date",
                "loyalty_points", "loyalty_tier", "customer_groups", "addresses", "preferred_language", "preferred_currency", "source",
                "is_verified", "is_vip", "is_active", "date_joined", "created_at", "updated_at",
            ],
            answer.Json.AsObject().Select(member => member.Key));
        Assert.Equal($"/api/customers/customers/{answer["id"]}/", answer.Headers["Location"]);
        Assert.Equal('7', ((string)answer["uuid"]!)[14]);
        Assert.StartsWith("\"1-", answer.ETag, StringComparison.Ordinal);

        var owner = await app.SignInAsync(name, ClienteleApp.Password, (long)answer["id"]);
        Assert.Equal(answer.Text, (await owner.Get(answer.Headers["Location"])).Expect(200).Text);
    }

    [Fact]
    public async Task What_is_left_out_has_its_default()
    {
        var customer = (await RegisterAsync(Unique())).Expect(201).Json;

        Assert.All(["phone", "date_of_birth", "gender", "source", "last_order_date"], member => Assert.Null(customer[member]));
        Assert.All(
            ["phone_verified", "accepts_marketing_email", "accepts_marketing_sms", "is_verified", "is_vip"],
            member => Assert.False((bool)customer[member]!));
        Assert.Equal(("en", "USD"), ((string)customer["preferred_language"]!, (string)customer["preferred_currency"]!));
        Assert.Equal((0, "0.00", "0.00"), ((int)customer["total_orders"]!, (string)customer["total_spent"]!, (string)customer["average_order_value"]!));
        Assert.Equal((0, "bronze", true), ((int)customer["loyalty_points"]!, (string)customer["loyalty_tier"]!, (bool)customer["is_active"]!));
        Assert.Empty(customer["customer_groups"]!.AsArray());
        Assert.Empty(customer["addresses"]!.AsArray());
    }

    [Fact]
    public async Task Optional_members_are_stored_in_their_normal_form()
    {
        var answer = await RegisterAsync(Unique(), new
        {
            phone = "+49 (30) 123-45.67",
            accepts_marketing_email = true,
            accepts_marketing_sms = true,
            preferred_language = "PT-br",
            preferred_currency = "eur",
            date_of_birth = "1990-02-28",
            gender = "Non-binary",
            source = "newsletter",
        });

        var customer = answer.Expect(201).Json;
        Assert.Equal("+49301234567", (string)customer["phone"]!);
        Assert.True((bool)customer["accepts_marketing_email"]! && (bool)customer["accepts_marketing_sms"]!);
        Assert.Equal(("pt-BR", "EUR"), ((string)customer["preferred_language"]!, (string)customer["preferred_currency"]!));
        Assert.Equal(
            ("1990-02-28", "Non-binary", "newsletter"),
            ((string)customer["date_of_birth"]!, (string)customer["gender"]!, (string)customer["source"]!));
    }

    [Theory]
    [InlineData("username")]
    [InlineData("email")]
    [InlineData("password")]
    [InlineData("password2")]
    [InlineData("first_name")]
    public async Task A_required_member_that_is_missing_null_blank_or_no_text_is_named(string member)
    {
        foreach (var wrong in new JsonNode?[] { null, "", " ", 5, true, new JsonArray() })
        {
            (await SendAsync(Unique(), body => body[member] = wrong?.DeepClone())).ExpectProblem(400, member);
        }

        (await SendAsync(Unique(), body => body.Remove(member))).ExpectProblem(400, member);
    }

    [Fact]
    public async Task A_last_name_must_be_there_but_may_be_empty()
    {
        foreach (var empty in new[] { "", " ", "\u200b" })
        {
            var customer = (await SendAsync(Unique(), body => body["last_name"] = empty)).Expect(201);
            Assert.Equal(("", "Ada"), ((string)customer["last_name"]!, (string)customer["full_name"]!));
        }

        (await SendAsync(Unique(), body => body["last_name"] = null)).ExpectProblem(400, "last_name");
        (await SendAsync(Unique(), body => body.Remove("last_name"))).ExpectProblem(400, "last_name");
    }

    [Fact]
    public async Task An_empty_body_names_every_required_member()
    {
        var problem = (await app.Stranger.Post(Register, "{}")).ExpectProblem(400);

        Assert.Equal(
            ["email", "first_name", "last_name", "password", "password2", "username"],
            problem["errors"].AsObject().Select(error => error.Key).Order());
    }

    [Theory]
    [InlineData("username", "\"john doe\"")]
    [InlineData("username", "\"john!\"")]
    [InlineData("username", "\"someone-else@example.com\"")]
    [InlineData("email", "\"no-mail\"")]
    [InlineData("phone", "\"12345\"")]
    [InlineData("phone", "1234567890")]
    [InlineData("preferred_language", "\"not a language\"")]
    [InlineData("preferred_language", "null")]
    [InlineData("preferred_currency", "\"XXX\"")]
    [InlineData("preferred_currency", "null")]
    [InlineData("date_of_birth", "\"28.02.1990\"")]
    [InlineData("date_of_birth", "\"1899-12-31\"")]
    [InlineData("date_of_birth", "\"2999-01-01\"")]
    [InlineData("gender", "\"123456789012345678901\"")]
    [InlineData("accepts_marketing_email", "\"true\"")]
    [InlineData("accepts_marketing_sms", "null")]
    public async Task A_member_that_is_wrong_is_named(string member, string json) =>
        (await SendAsync(Unique(), body => body[member] = JsonNode.Parse(json))).ExpectProblem(400, member);

    [Fact]
    public async Task Members_have_their_longest_values()
    {
        var name = new string('n', 118) + Guid.NewGuid().ToString("N");

        (await RegisterAsync(name, new { email = $"{Unique()}@example.com", first_name = new string('f', 150), last_name = new string('l', 150) })).Expect(201);

        (await RegisterAsync(name + "n", new { email = $"{Unique()}@example.com" })).ExpectProblem(400, "username");
        (await RegisterAsync(Unique(), new { first_name = new string('f', 151) })).ExpectProblem(400, "first_name");
        (await RegisterAsync(Unique(), new { last_name = new string('l', 151) })).ExpectProblem(400, "last_name");
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("Zoë.{0}")]
    [InlineData("{0}+a-b_c.d")]
    [InlineData("王小明{0}")]
    [InlineData("{0}@example.com")]
    public async Task Usernames_are_letters_digits_and_a_few_signs(string shape)
    {
        var name = Unique();
        var username = string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, name);

        var customer = (await RegisterAsync(username, new { email = $"{name}@example.com" })).Expect(201);

        Assert.Equal(username, (string)customer["username"]!);
        await app.SignInAsync(username, ClienteleApp.Password);
    }

    [Fact]
    public async Task A_username_with_an_at_is_the_own_email_in_any_case()
    {
        var name = Unique();

        (await RegisterAsync($"{name}@Example.COM", new { email = $"{name}@example.com" })).Expect(201);
        (await RegisterAsync($"@{Unique()}", new { email = $"{Unique()}@example.com" })).ExpectProblem(400, "username");
    }

    [Fact]
    public async Task Usernames_and_emails_share_one_space_of_names()
    {
        var name = Unique();
        (await RegisterAsync($"{name}.e", new { email = $"{name}@example.com" })).Expect(201);

        var same = (await RegisterAsync($"{name}.e", new { email = $"{name}@example.com" })).ExpectProblem(400, "username");
        Assert.NotNull(same["errors"]["email"]);
        var username = (await RegisterAsync($"{name}.E", new { email = $"{Unique()}@example.com" })).ExpectProblem(400, "username");
        Assert.Null(username["errors"]["email"]);
        (await RegisterAsync(Unique(), new { email = $"{name.ToUpperInvariant()}@EXAMPLE.com" })).ExpectProblem(400, "email");
        (await RegisterAsync($"{name}@example.com", new { email = $"{name}@example.com" })).ExpectProblem(400, "username");
    }

    [Theory]
    [InlineData("zoë", "ZOE\u0308")]
    [InlineData("straße", "STRASSE")]
    [InlineData("ａｂｃ", "ABC")]
    [InlineData("σίσυφος", "ΣΊΣΥΦΟΣ")]
    public async Task Names_that_differ_by_case_or_Unicode_form_are_one(string first, string second)
    {
        var name = Unique();
        (await RegisterAsync(first + name, new { email = $"{Unique()}@example.com" })).Expect(201);

        (await RegisterAsync(second + name.ToUpperInvariant(), new { email = $"{Unique()}@example.com" })).ExpectProblem(400, "username");
        await app.SignInAsync(second + name, ClienteleApp.Password);
    }

    [Fact]
    public async Task Accents_tell_names_apart()
    {
        var name = Unique();

        (await RegisterAsync($"zoë{name}", new { email = $"{Unique()}@example.com" })).Expect(201);
        (await RegisterAsync($"zoe{name}", new { email = $"{Unique()}@example.com" })).Expect(201);
    }

    [Fact]
    public async Task Emails_keep_the_case_they_were_given()
    {
        var email = $"John.{Unique()}@Example.com";

        Assert.Equal(email, (string)(await RegisterAsync(Unique(), new { email })).Expect(201)["email"]!);
    }

    [Fact]
    public async Task Members_that_nobody_may_write_are_ignored()
    {
        var customer = (await RegisterAsync(Unique(), new
        {
            id = 1,
            uuid = Guid.Empty,
            is_staff = true,
            is_superuser = true,
            is_verified = true,
            is_vip = true,
            is_active = false,
            phone_verified = true,
            loyalty_points = 1_000_000,
            loyalty_tier = "platinum",
            total_spent = "99999.00",
            total_orders = 9,
            customer_groups = new[] { 1 },
            tags = new[] { "x" },
            notes = "x",
            metadata = new { x = 1 },
            date_joined = "2000-01-01T00:00:00Z",
            version = 50,
            security_version = 50,
        })).Expect(201);

        Assert.NotEqual(1, (long)customer["id"]);
        Assert.Equal(
            (false, false, true, false),
            ((bool)customer["is_verified"], (bool)customer["is_vip"], (bool)customer["is_active"], (bool)customer["phone_verified"]));
        Assert.Equal(
            (0, "bronze", "0.00", 0),
            ((int)customer["loyalty_points"], (string)customer["loyalty_tier"]!, (string)customer["total_spent"]!, (int)customer["total_orders"]));
        var seen = (await (await app.AdminAsync()).Get(customer.Headers["Location"])).Expect(200);
        Assert.False((bool)seen["is_staff"]);
        Assert.Empty(seen["tags"].AsArray());
        Assert.Empty(seen["metadata"].AsObject());
        Assert.Null(seen.Json["notes"]);
    }

    private static string Unique() => $"r{Guid.NewGuid():N}";

    private Task<Answer> RegisterAsync(string username, object? with = null) => SendAsync(username, body =>
    {
        foreach (var (member, value) in with is null ? [] : System.Text.Json.JsonSerializer.SerializeToNode(with)!.AsObject().ToArray())
        {
            body[member] = value?.DeepClone();
        }
    });

    private Task<Answer> SendAsync(string username, Action<JsonObject> change)
    {
        var body = Given.Registration(username);
        change(body);
        return app.Stranger.Post(Register, body);
    }
}
