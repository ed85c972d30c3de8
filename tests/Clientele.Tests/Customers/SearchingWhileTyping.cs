using System.Globalization;
using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

/// <summary>The search over customers, orders and groups.</summary>
public sealed class SearchingWhileTyping(OwnApp app) : IClassFixture<OwnApp>
{
    private const string Search = "/api/customers/search/?q=";

    [Fact]
    public async Task A_customer_is_found_by_everything_that_a_caller_may_say()
    {
        var admin = await app.AdminAsync();
        var customer = await app.CustomerAsync();
        var phone = $"+4420{customer.Id.ToString("D8", CultureInfo.InvariantCulture)}";
        var profile = new { first_name = "Zdeněk", last_name = $"Háj{customer.Id}", phone };
        var uuid = (string)(await customer.Patch("/api/customers/customers/update_profile/", profile)).Expect(200)["uuid"]!;

        string[] said =
        [
            $"zdenek haj{customer.Id}", $"HÁJ{customer.Id}", $"haj{customer.Id} zde", customer.Username, customer.Username.ToUpperInvariant(), customer.Email,
            customer.Email.Split('@')[0], customer.Id.ToString(CultureInfo.InvariantCulture), uuid, profile.phone, $"0044 (0)20 {profile.phone[5..]}",
            $"020 {profile.phone[5..9]} {profile.phone[9..]}",
        ];
        foreach (var text in said)
        {
            var found = (await admin.Get(Search + Uri.EscapeDataString(text))).Expect(200)["customers"].AsArray();

            Assert.True(found.Any(row => (long)row!["id"]! == customer.Id), $"{text} does not find the customer.");
        }
    }

    [Fact]
    public async Task An_exact_email_comes_before_customers_who_only_contain_it()
    {
        var (admin, one) = (await app.AdminAsync(), await app.CustomerAsync());
        var other = await app.CustomerAsync();
        (await other.Patch("/api/customers/customers/update_profile/", new { first_name = one.Username })).Expect(200);

        var found = Ids((await admin.Get(Search + one.Username)).Expect(200), "customers");

        Assert.Equal([one.Id, other.Id], found);
    }

    [Fact]
    public async Task An_order_is_found_by_the_beginning_of_its_number_with_its_customer()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var number = $"QX-{customer.Id}-7";
        await OrderAsync(admin, customer, number);

        foreach (var text in new[] { number, $"QX-{customer.Id}", $"qx-{customer.Id}" })
        {
            var order = Assert.Single((await admin.Get(Search + text)).Expect(200)["orders"].AsArray())!;

            Assert.Equal((number, customer.Id, "12.50"), ((string)order["order_number"]!, (long)order["customer"]!, (string)order["total"]!));
            Assert.NotEmpty((string)order["customer_name"]!);
        }

        Assert.Empty((await admin.Get($"{Search}X-{customer.Id}")).Expect(200)["orders"].AsArray());
    }

    [Fact]
    public async Task An_order_is_found_by_the_end_of_its_number_the_most_alike_first()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var digits = $"{Random.Shared.Next(10_000_000, 99_999_999)}";
        string[] numbers = [$"D-{digits}", $"2025-ab{digits}", $"{digits}-77", $"X{digits}-7"];
        foreach (var number in numbers)
        {
            await OrderAsync(admin, customer, number);
        }

        Assert.Equal([numbers[0], numbers[2], numbers[1]], await NumbersAsync(digits));
        Assert.Equal([numbers[0], numbers[1]], await NumbersAsync(digits[2..]));
        Assert.Equal([numbers[0]], await NumbersAsync($"d-{digits}"));
        Assert.Empty(await NumbersAsync(digits[^3..]));
        Assert.Empty(await NumbersAsync($"9-{digits}"));

        async Task<IEnumerable<string>> NumbersAsync(string text) =>
            (await admin.Get(Search + text)).Expect(200)["orders"].AsArray().Select(order => (string)order!["order_number"]!).Where(numbers.Contains);
    }

    [Fact]
    public async Task More_than_eight_orders_are_told()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var digits = $"{Random.Shared.Next(10_000_000, 99_999_999)}";
        for (var i = 0; i < 9; i++)
        {
            await OrderAsync(admin, customer, $"{digits}-{i}");
        }

        var found = (await admin.Get(Search + digits)).Expect(200);

        Assert.Equal((8, true, false), (found["orders"].AsArray().Count, (bool)found["more_orders"], (bool)found["more_groups"]));
        found = (await admin.Get($"{Search}{digits}-1")).Expect(200);
        Assert.Equal((1, false), (found["orders"].AsArray().Count, (bool)found["more_orders"]));
    }

    [Fact]
    public async Task A_customers_orders_are_found_by_a_part_of_their_number()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await OrderAsync(admin, customer, $"PART-{customer.Id}-12%3");
        await OrderAsync(admin, customer, $"PART-{customer.Id}-456");

        foreach (var (part, count) in new[] { ("part", 2), ("-456", 1), ("5", 1), ("%", 1), ("789x", 0) })
        {
            var found = (await admin.Get($"{customer.Url}orders/?search={Uri.EscapeDataString(part)}&page_size=100")).Expect(200)["results"].AsArray();
            Assert.True(part == "5" ? found.Count >= count : found.Count == count, $"{part}: {found.Count}");
        }
    }

    [Fact]
    public async Task A_group_is_found_by_words_of_its_name()
    {
        var admin = await app.AdminAsync();
        var word = $"w{Guid.NewGuid():N}";
        var id = (long)(await admin.Post("/api/customers/groups/", new { name = $"Café regulars {word}" })).Expect(201)["id"];

        Assert.Equal([id], Ids((await admin.Get($"{Search}{word}%20cafe")).Expect(200), "groups"));
    }

    [Fact]
    public async Task At_most_eight_customers_are_returned()
    {
        var admin = await app.AdminAsync();
        var word = $"w{Guid.NewGuid():N}";
        for (var i = 0; i < 10; i++)
        {
            var customer = await app.CustomerAsync();
            (await customer.Patch("/api/customers/customers/update_profile/", new { last_name = word })).Expect(200);
        }

        var found = (await admin.Get(Search + word)).Expect(200);
        Assert.Equal(8, found["customers"].AsArray().Select(row => (long)row!["id"]!).Distinct().Count());
        Assert.True((bool)found["more_customers"]);
    }

    [Fact]
    public async Task Nothing_is_found_for_a_blank_text()
    {
        var found = (await (await app.AdminAsync()).Get($"{Search}%20%20")).Expect(200);

        Assert.Empty(found["customers"].AsArray());
        Assert.Empty(found["groups"].AsArray());
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused()
    {
        var admin = await app.AdminAsync();

        (await admin.Get(Search + new string('a', 101))).ExpectProblem(400, "q");
        (await admin.Get($"{Search}a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k")).ExpectProblem(400, "q");
        (await admin.Get("/api/customers/search/?search=a")).ExpectProblem(400, "search");
    }

    [Fact]
    public async Task A_key_sees_no_staff_and_only_what_its_scopes_allow()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var staff = await app.NewAdminAsync();
        var word = $"w{Guid.NewGuid():N}";
        await OrderAsync(admin, customer, word);
        (await admin.Post("/api/customers/groups/", new { name = word })).Expect(201);
        foreach (var owner in new[] { customer, staff })
        {
            (await owner.Patch("/api/customers/customers/update_profile/", new { last_name = word })).Expect(200);
        }

        var narrow = (await (await app.KeyAsync("customers:read")).Get(Search + word)).Expect(200);
        Assert.Equal([customer.Id], Ids(narrow, "customers"));
        Assert.Empty(narrow["orders"].AsArray());
        Assert.Empty(narrow["groups"].AsArray());
        var wide = (await (await app.KeyAsync("customers:read", "orders:read", "groups:read")).Get(Search + word)).Expect(200);
        Assert.Single(wide["orders"].AsArray());
        Assert.Single(wide["groups"].AsArray());
        (await (await app.KeyAsync("orders:read")).Get(Search + word)).ExpectProblem(403);
        Assert.Equal(2, (await admin.Get(Search + word)).Expect(200)["customers"].AsArray().Count);
    }

    [Fact]
    public async Task An_erased_customer_is_not_found_and_neither_are_the_orders()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var number = $"gone-{Guid.NewGuid()}";
        await OrderAsync(admin, customer, number);
        (await admin.Delete(customer.Url)).Expect(204);

        Assert.Empty((await admin.Get(Search + customer.Username)).Expect(200)["customers"].AsArray());
        Assert.Empty((await admin.Get(Search + number)).Expect(200)["orders"].AsArray());
    }

    [Fact]
    public async Task A_search_sends_few_statements()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await OrderAsync(admin, customer, $"{customer.Username}-1");
        var trace = StatementLog.NewTrace();

        var found = (await admin.Get(Search + customer.Username, trace)).Expect(200);

        Assert.Single(found["orders"].AsArray());
        Assert.InRange(StatementLog.Of(trace).Count, 1, 7);
    }

    [Fact]
    public async Task The_sdk_finds_the_same()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        using var client = app.Client(admin);

        var found = await client.Search.FindAsync(customer.Email, TestContext.Current.CancellationToken);

        Assert.Equal(customer.Id, Assert.Single(found.Customers).Id);
    }

    private static long[] Ids(Answer found, string kind) => [.. found[kind].AsArray().Select(row => (long)row!["id"]!)];

    private static async Task OrderAsync(Actor admin, Actor customer, string number) =>
        (await admin.Put(
            $"/api/orders/{number}/",
            new { customer = customer.Id, status = "paid", total = "12.50", placed_at = "2025-09-15T14:30:00Z", revision = 1 })).Expect(201);
}
