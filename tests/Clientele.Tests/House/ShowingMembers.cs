using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The members that each representation shows to each role: none may be added or lost unnoticed.</summary>
public sealed class ShowingMembers(ClienteleApp app)
{
    private const string Customer =
        "accepts_marketing_email accepts_marketing_sms addresses average_order_value created_at customer_groups "
        + "date_joined date_of_birth email first_name full_name "
        + "gender id is_active is_verified is_vip last_name last_order_date "
        + "loyalty_points loyalty_tier pending_email phone phone_verified preferred_currency preferred_language source "
        + "total_orders total_spent updated_at username uuid";

    private const string Summary =
        "date_joined email full_name id is_active is_verified is_vip last_order_date loyalty_points loyalty_tier "
        + "phone total_orders total_spent updated_at username uuid";

    private const string Address =
        "address_line1 address_line2 address_type city company country country_name created_at customer "
        + "first_name full_address id is_default last_name phone postal_code state state_name updated_at";

    private const string Group =
        "auto_assign created_at description discount_percentage free_shipping id members_count name priority_support updated_at";

    [Fact]
    public async Task A_customer_sees_themselves_without_what_the_shop_notes_about_them()
    {
        var customer = await app.CustomerAsync();
        Shows(Customer, await customer.Get("/api/customers/customers/me/"));
        Shows(Customer, await customer.Get(customer.Url));
        Shows(Customer, await customer.Patch(customer.Url, new { gender = "female" }));
        Shows(Customer, await customer.Put("/api/customers/customers/update_profile/", new { first_name = "Ada", last_name = "King", email = customer.Email }));

        var name = $"shown-{Guid.NewGuid():N}";
        Shows(Customer, await app.Stranger.Post("/api/customers/register/", Given.Registration(name)));
    }

    [Fact]
    public async Task An_admin_sees_of_a_customer_what_the_shop_notes_as_well()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        Shows($"{Customer} is_staff last_login metadata notes tags", await admin.Get(customer.Url));
        Shows($"{Customer} is_staff last_login metadata notes tags", await admin.Patch(customer.Url, new { gender = "female" }));
        Shows($"{Customer} is_staff last_login metadata notes tags", await admin.Get("/api/customers/customers/me/"));
    }

    [Fact]
    public async Task A_list_shows_the_short_form_and_where_to_go_on()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var page = (await admin.Get($"/api/customers/customers/?ids={customer.Id}")).Expect(200);
        var byCursor = (await admin.Get($"/api/customers/customers/?ids={customer.Id}&cursor=")).Expect(200);

        Shows("count next previous results", page);
        Shows("next previous results", byCursor);
        Assert.Equal(Summary, Members(page["results"][0]!));
        Assert.Equal(Summary, Members(byCursor["results"][0]!));
    }

    [Fact]
    public async Task An_address_shows_the_same_to_its_owner_and_to_admins()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var created = await customer.Post("/api/customers/addresses/", Given.Address());
        Shows(Address, created);
        Shows(Address, await customer.Get($"/api/customers/addresses/{created["id"]}/"));
        Shows(Address, await admin.Get($"/api/customers/addresses/{created["id"]}/"));
        Assert.Equal(Address, Members((await customer.Get("/api/customers/addresses/"))["results"][0]!));
        Assert.Equal(Address, Members((await customer.Get(customer.Url))["addresses"][0]!));
    }

    [Fact]
    public async Task A_group_shows_its_rule_to_admins_only()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var created = (await admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}", discount_percentage = 5 })).Expect(201);
        (await admin.Post($"/api/customers/groups/{created["id"]}/add_member/", new { customer_id = customer.Id })).Expect(200);

        Assert.Equal(Sorted($"{Group} assignment_rules error evaluated_at progress state"), Members(created.Json));
        Shows($"{Group} assignment_rules error evaluated_at progress state", await admin.Get($"/api/customers/groups/{created["id"]}/"));
        Shows(Group, await customer.Get($"/api/customers/groups/{created["id"]}/"));
        Assert.Equal(Group, Members((await customer.Get("/api/customers/groups/"))["results"][0]!));
        Assert.Equal("discount_percentage free_shipping id name priority_support", Members((await customer.Get(customer.Url))["customer_groups"][0]!));
        Assert.Equal(Summary, Members((await customer.Get($"/api/customers/groups/{created["id"]}/members/"))["results"][0]!));
    }

    [Fact]
    public async Task Benefits_and_tokens_show_what_is_promised()
    {
        var customer = await app.CustomerAsync();
        Shows("discount_percentage free_shipping priority_support sources vip_access", await customer.Get($"{customer.Url}benefits/"));
        Shows(
            "access expires_in refresh token_type",
            await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password }));
        Assert.Equal("alg crv kid kty use x y", Members((await app.Stranger.Get("/.well-known/jwks.json"))["keys"][0]!));
        Shows(
            "claims_supported id_token_signing_alg_values_supported issuer jwks_uri response_types_supported subject_types_supported token_endpoint",
            await app.Stranger.Get("/.well-known/openid-configuration"));
    }

    [Fact]
    public async Task Orders_wishes_reviews_and_statistics_show_what_is_promised()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var line = new { line_number = 1, product_id = "p1", name = "Umbrella", quantity = 1, unit_price = 10 };
        var body = new { customer = customer.Id, status = "paid", total = 10, placed_at = "2025-10-15T14:30:00Z", revision = 1, lines = new[] { line } };
        var order = await admin.Put($"/api/orders/{customer.Username}/", body);
        var review = await admin.Put($"/api/reviews/{customer.Username}/", new { customer = customer.Id, product_id = "p1", rating = 5, revision = 1 });
        var wish = await customer.Put($"{customer.Url}wishlist/p1/", new { name = "Umbrella" });

        Shows("currency customer exchange_rate lines order_number placed_at refunded revision status total", order);
        Shows("body created_at customer product_id rating review_id revision title", review);
        Shows("added_at currency name price product_id url", wish);
        Assert.Equal("category line_number name product_id quantity refunded_quantity sku unit_price", Members(order["lines"][0]!));
        Assert.Equal(Members(order.Json), Members((await customer.Get($"{customer.Url}orders/"))["results"][0]!));
        Assert.Equal(Members(review.Json), Members((await customer.Get($"{customer.Url}reviews/"))["results"][0]!));
        Assert.Equal(Members(wish.Json), Members((await customer.Get($"{customer.Url}wishlist/"))["results"][0]!));
        Shows("average_order_value last_order_date loyalty_points loyalty_tier total_orders total_spent", await customer.Get($"{customer.Url}stats/"));
    }

    private static void Shows(string members, Answer answer) => Assert.Equal(Sorted(members), Members(answer.Json));

    private static string Members(JsonNode node) => string.Join(' ', node.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));

    private static string Sorted(string members) => string.Join(' ', members.Split(' ').Order(StringComparer.Ordinal));
}
