using System.Text;
using Clientele.Server.Accounts;
using Clientele.Server.Data;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>All spellings of a name are the same name. Registrations and lookups compare names in the same form.</summary>
public sealed class ComparingNames(ClienteleApp app)
{
    private const string Register = "/api/customers/register/";

    public static TheoryData<string, string> Spellings => new()
    {
        { "{0}@münchen.example", "{0}@xn--mnchen-3ya.example" },
        { "{0}@xn--mnchen-3ya.example", "{0}@MÜNCHEN.Example" },
        { "{0}@mu\u0308nchen.example", " {0}@XN--MNCHEN-3YA.EXAMPLE " },
        { "straße.{0}@example.com", "STRASSE.{0}@example.com" },
        { "{0}@ｅｘａｍｐｌｅ.com", "{0}＠example．com" },
        { "{0}@例え.テスト", "{0}@xn--r8jz45g.xn--zckzah" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task An_email_in_another_spelling_signs_in_and_is_taken(string registered, string spelled)
    {
        var name = Unique();
        (await RegisterAsync(name, Of(registered, name))).Expect(201);

        await app.SignInAsync(Of(spelled, name), ClienteleApp.Password);
        (await RegisterAsync(Unique(), Of(spelled, name))).ExpectProblem(400, "email");
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task An_order_finds_the_customer_by_an_email_in_another_spelling(string registered, string spelled)
    {
        var name = Unique();
        var admin = await app.AdminAsync();
        var id = (long)(await RegisterAsync(name, Of(registered, name))).Expect(201)["id"];
        (await admin.Post($"/api/customers/customers/{id}/verify/")).Expect(200);

        var order = new { customer = Of(spelled, name), status = "paid", total = "10.00", placed_at = "2025-10-15T14:30:00Z", revision = 1 };
        Assert.Equal(id, (long)(await admin.Put($"/api/orders/o-{name}/", order)).Expect(201)["customer"]);
    }

    [Fact]
    public async Task The_username_may_be_the_own_email_in_another_spelling()
    {
        var name = Unique();

        (await RegisterAsync($"{name}@münchen.example", $"{name}@xn--mnchen-3ya.example")).Expect(201);
        await app.SignInAsync($"{name}@MÜNCHEN.example", ClienteleApp.Password);
    }

    [Fact]
    public async Task Blanks_around_names_do_not_matter()
    {
        var name = Unique();

        var customer = (await RegisterAsync($" {name} ", $" {name}@example.com\n")).Expect(201);

        Assert.Equal((name, $"{name}@example.com"), ((string)customer["username"]!, (string)customer["email"]!));
        await app.SignInAsync($"  {name}", ClienteleApp.Password);
        await app.SignInAsync($"{name}@example.com  ", ClienteleApp.Password);
    }

    [Fact]
    public async Task Domains_with_and_without_a_sharp_s_are_two()
    {
        var name = Unique();

        (await RegisterAsync(name, $"{name}@straße.example")).Expect(201);
        (await RegisterAsync(Unique(), $"{name}@strasse.example")).Expect(201);
        (await RegisterAsync(Unique(), $"{name}@xn--strae-oqa.example")).ExpectProblem(400, "email");
    }

    [Fact]
    public async Task A_changed_email_leaves_its_name_to_others()
    {
        var customer = await app.CustomerAsync(with: new { email = $"{Unique()}@münchen.example" });
        var moved = Unique();

        (await (await app.AdminAsync()).Patch(customer.Url, new { email = $"{moved}@xn--mnchen-3ya.example" })).Expect(200);

        (await RegisterAsync(Unique(), customer.Email)).Expect(201);
        (await RegisterAsync(Unique(), $"{moved}@münchen.example")).ExpectProblem(400, "email");
        await app.SignInAsync($"{moved}@MÜNCHEN.example", ClienteleApp.Password);
    }

    [Fact]
    public async Task Two_simultaneous_registrations_of_two_spellings_have_one_winner()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = Unique();
            var answers = await Task.WhenAll(
                RegisterAsync(Unique(), $"{name}@münchen.example"), RegisterAsync(Unique(), $"{name}@xn--mnchen-3ya.example"));

            Assert.Equal([201, 400], answers.Select(answer => (int)answer.Status).Order());
        }
    }

    [Fact]
    public async Task Names_with_a_character_that_nobody_can_see_are_refused()
    {
        var invisible = Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value)).Where(VisibleText.IsInvisible).ToList();
        var random = new Random(7);
        var admin = await app.AdminAsync();
        var customer = await app.CustomerAsync();

        // The database is not asked: one of the two names is always wrong.
        foreach (var rune in invisible.Where(rune => rune.Value < 0x20000 || random.Next(100) == 0))
        {
            Assert.False(AccountNames.IsUsername($"john{rune}doe"), $"U+{rune.Value:X4}");
            Assert.False(AccountNames.IsEmail($"john{rune}doe@example.com"), $"U+{rune.Value:X4}");
            Assert.False(AccountNames.IsEmail($"john@exam{rune}ple.com"), $"U+{rune.Value:X4}");
        }

        foreach (var text in new[] { "\u3164", "\u200b", "\u2800", "\ufe0f", "\u115f", "\u180b", "\u202e", "\n" })
        {
            (await RegisterAsync($"john{text}doe", $"john{text}doe@example.com")).ExpectProblem(400, "username");
            (await customer.Patch(customer.Url, new { email = $"john@exam{text}ple.com" })).ExpectProblem(400, "email");
            (await customer.Patch(customer.Url, new { first_name = $"Jo{text}hn" })).ExpectProblem(400, "first_name");
            (await customer.Patch(customer.Url, new { first_name = text })).ExpectProblem(400, "first_name");
            (await admin.Post(Lists.Groups, new { name = $"A{text}group" })).ExpectProblem(400, "name");
            (await admin.Post(Lists.Groups, new { name = text })).ExpectProblem(400, "name");
            (await admin.Patch(customer.Url, new { tags = new[] { $"a{text}b" } })).ExpectProblem(400, "tags");
            Assert.Null((await customer.Patch(customer.Url, new { gender = text })).Expect(200).Json["gender"]);
        }
    }

    [Theory]
    [InlineData("Ada@Example.com", "ada@example.com")]
    [InlineData("ada@straße.de", "ada@straße.de")]
    [InlineData("ada@ΣΊΣΥΦΟΣ.gr", "ada@σίσυφοσ.gr")]
    [InlineData("ada@xn--a.example", "ada@xn--a.example")]
    [InlineData("ada@क्‍ष.example", "ada@क्‍ष.example")]
    [InlineData("xn--mnchen-3ya", "xn--mnchen-3ya")]
    [InlineData("a@b@münchen.example", "a@b@münchen.example")]
    [InlineData("@", "@")]
    public void Every_text_has_a_key(string name, string key)
    {
        Assert.Equal(key, AccountNames.Key(name));
        Assert.Equal(key, AccountNames.Key(key));
    }

    private static string Unique() => $"n{Guid.NewGuid():N}";

    private static string Of(string shape, string name) => shape.Replace("{0}", name, StringComparison.Ordinal);

    private Task<Answer> RegisterAsync(string username, string email) => app.Stranger.Post(Register, new
    {
        username,
        email,
        password = ClienteleApp.Password,
        password2 = ClienteleApp.Password,
        first_name = "Ada",
        last_name = "",
    });
}
