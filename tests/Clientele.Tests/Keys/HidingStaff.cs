using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Keys;

/// <summary>What a key sees and writes beyond single customers: lists, groups, batches. Staff are in none of it.</summary>
public sealed class HidingStaff(OwnApp app) : IClassFixture<OwnApp>
{
    private const string Customers = "/api/customers/customers/";
    private const string Groups = "/api/customers/groups/";

    [Fact]
    public async Task Lists_leave_staff_out()
    {
        var (admin, staff, customer) = (await app.AdminAsync(), await app.NewAdminAsync(), await app.CustomerAsync());
        var key = await app.KeyAsync(Keyed.AllScopes);
        foreach (var owner in new[] { staff, customer })
        {
            (await owner.Post("/api/customers/addresses/", Given.Address())).Expect(201);
        }

        foreach (var query in new[] { "", "?page_size=100&ordering=date_joined", "?cursor=", $"?ids={staff.Id},{customer.Id}", $"?search={customer.Username}" })
        {
            var ids = (await key.Get(Customers + query)).Expect(200).Ids();
            Assert.Contains(customer.Id, ids);
            Assert.DoesNotContain(staff.Id, ids);
            Assert.DoesNotContain(admin.Id, ids);
        }

        Assert.Empty((await key.Get($"{Customers}?is_staff=true")).Expect(200)["results"].AsArray());
        Assert.Empty((await key.Get($"/api/customers/addresses/?customer={staff.Id}")).Expect(200)["results"].AsArray());
        Assert.Single((await key.Get($"/api/customers/addresses/?customer={customer.Id}")).Expect(200)["results"].AsArray());
    }

    [Fact]
    public async Task Groups_show_no_staff_and_take_none_in()
    {
        var (admin, staff, customer) = (await app.AdminAsync(), await app.NewAdminAsync(), await app.CustomerAsync());
        var key = await app.KeyAsync(Keyed.AllScopes);
        var group = $"{Groups}{(await key.Post(Groups, new { name = $"Group {Guid.NewGuid()}" })).Expect(201)["id"]}/";
        (await admin.Post($"{group}add_member/", new { customer_ids = new[] { staff.Id, customer.Id } })).Expect(200);

        Assert.Equal([customer.Id], (await key.Get($"{group}members/")).Expect(200).Ids());
        var changes = (await key.Get($"{group}changes/")).Expect(200)["results"].AsArray();
        Assert.Equal([customer.Id], changes.Select(change => (long)change!["customer"]!));
        (await key.Get($"{group}explain/?customer={staff.Id}")).ExpectProblem(404);
        (await key.Get($"{group}explain/?customer={customer.Id}")).Expect(200);

        (await key.Post($"{group}remove_member/", new { customer_id = staff.Id })).ExpectProblem(404);
        (await key.Post($"{group}remove_member/", new { customer_ids = new[] { customer.Id, staff.Id } })).ExpectProblem(400, "customer_ids");
        Assert.Equal(2, (await admin.Get($"{group}members/")).Expect(200).Ids().Length);
    }

    [Fact]
    public async Task A_rule_that_is_tried_out_matches_no_staff()
    {
        var (staff, key) = (await app.NewAdminAsync(), await app.KeyAsync("groups:read"));
        var rule = new { assignment_rules = new { field = "username", op = "eq", value = staff.Username }, sample_size = 5 };

        Assert.Equal(1, (int)(await staff.Post($"{Groups}preview/", rule)).Expect(200)["count"]);
        var preview = (await key.Post($"{Groups}preview/", rule)).Expect(200);

        Assert.Equal(0, (int)preview["count"]);
        Assert.Empty(preview["sample"].AsArray());
    }

    [Fact]
    public async Task Orders_for_staff_name_nobody_and_claim_no_number()
    {
        var (staff, customer, key) = (await app.NewAdminAsync(), await app.CustomerAsync(), await app.KeyAsync("orders:write"));
        var number = $"order-{Guid.NewGuid()}";

        Assert.Equal("customer_unknown", (await key.Put($"/api/orders/{number}/", Order(staff.Id))).ExpectProblem(400).Code);
        var batch = (await key.Post("/api/orders/batch/", new { orders = new[] { Order(staff.Id, number), Order(customer.Id, $"{number}-b") } })).Expect(200);
        Assert.Equal([400, 201], batch["results"].AsArray().Select(result => (int)result!["status"]!));
        (await key.Put($"/api/orders/{number}/", Order(customer.Id))).Expect(201);

        static object Order(long customer, string? number = null) =>
            new { order_number = number, customer, status = "paid", total = "12.50", placed_at = "2025-10-15T14:30:00Z", revision = 1 };
    }

    [Fact]
    public async Task An_address_for_staff_is_for_nobody()
    {
        var (staff, customer, key) = (await app.NewAdminAsync(), await app.CustomerAsync(), await app.KeyAsync("addresses:write"));

        (await key.Post("/api/customers/addresses/", Given.Address())).ExpectProblem(400, "customer");
        (await key.Post("/api/customers/addresses/", Given.Address(customer: staff.Id))).ExpectProblem(400, "customer");
        (await key.Post("/api/customers/addresses/", Given.Address(customer: customer.Id))).Expect(201);
    }

    [Fact]
    public async Task A_key_writes_what_an_admin_writes_and_never_who_is_staff()
    {
        var (customer, key) = (await app.CustomerAsync(), await app.KeyAsync("customers:read", "customers:write"));

        var change = new { notes = "Calls on Mondays", tags = new[] { "wholesale" }, is_vip = true, is_staff = true, role = "admin" };
        (await key.Patch(customer.Url, change)).Expect(200);

        var read = (await key.Get(customer.Url)).Expect(200);
        Assert.Equal("Calls on Mondays", (string)read["notes"]!);
        Assert.True((bool)read["is_vip"]);
        Assert.False((bool)read["is_staff"]);
    }
}
