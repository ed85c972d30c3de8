using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>Whatever changes a customer, the segments are updated.</summary>
public sealed class FollowingCustomers(OwnApp app) : IClassFixture<OwnApp>
{
    [Fact]
    public async Task A_segment_begins_with_those_who_match()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (vip, other) = (await own.NewCustomerAsync(), await own.NewCustomerAsync());
        await own.PatchAsync(vip, new { is_vip = true });

        var created = (await (await own.FreshAdminAsync()).Post(Lists.Groups, new { name = "VIPs", auto_assign = true, assignment_rules = Vip })).Expect(201);

        Assert.Equal(("building", 0), ((string)created["state"]!, (int)created["progress"]));
        await own.ExpectAsync((long)created["id"], vip);
        var ready = (await (await own.FreshAdminAsync()).Get(created.Headers["Location"])).Expect(200);
        Assert.Equal(("ready", 100, true), ((string)ready["state"]!, (int)ready["progress"], ready.Json["error"] is null));
        Assert.NotNull(ready["evaluated_at"]);
        Assert.Equal([$"{vip} entered rule"], await own.ChangesAsync((long)created["id"]));
        Assert.NotEqual(vip, other);
    }

    [Fact]
    public async Task The_profile_moves_in_and_out()
    {
        var (segment, customer) = (await app.SegmentAsync(All(Vip, Mark(out var tag))), await app.NewCustomerAsync());
        await app.ExpectAsync(segment);

        await app.PatchAsync(customer, new { is_vip = true, tags = new[] { tag } });
        await app.ExpectAsync(segment, customer);
        await app.PatchAsync(customer, new { tags = Array.Empty<string>() });
        await app.ExpectAsync(segment);
        await app.PatchAsync(customer, new { tags = new[] { "x", tag } });
        await app.ExpectAsync(segment, customer);
        await app.PatchAsync(customer, new { is_vip = false });
        await app.ExpectAsync(segment);

        Assert.Equal(
            [$"{customer} entered profile", $"{customer} left profile", $"{customer} entered profile", $"{customer} left profile"],
            await app.ChangesAsync(segment));
    }

    [Fact]
    public async Task Orders_and_refunds_move_in_and_out()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (segment, customer) = (await own.SegmentAsync(Spent(100)), await own.NewCustomerAsync());

        (await own.OrderAsync(customer, "o1", 60, Segmenting.LongAgo)).Expect(201);
        await own.ExpectAsync(segment);
        (await own.OrderAsync(customer, "o2", 40, Segmenting.LongAgo)).Expect(201);
        await own.ExpectAsync(segment, customer);
        (await own.OrderAsync(customer, "o1", 60, Segmenting.LongAgo, 2, "refunded")).Expect(200);
        await own.ExpectAsync(segment);

        Assert.Equal([$"{customer} entered order", $"{customer} left order"], await own.ChangesAsync(segment));
    }

    [Fact]
    public async Task Points_move_in_and_out()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.FreshAdminAsync();
        var (segment, customer) = (await own.SegmentAsync(new { field = "loyalty_points", op = "gte", value = 50 }), await own.NewCustomerAsync());

        (await admin.Post($"{Lists.Customers}{customer}/add_loyalty_points/", new { points = 50, reason = "A present" })).Expect(200);
        await own.ExpectAsync(segment, customer);
        (await admin.Post($"{Lists.Customers}{customer}/redeem_loyalty_points/", new { points = 1, reason = "A voucher" })).Expect(200);
        await own.ExpectAsync(segment);

        Assert.Equal([$"{customer} entered points", $"{customer} left points"], await own.ChangesAsync(segment));
    }

    [Fact]
    public async Task Benefits_follow_with_the_membership()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer) = (await own.FreshAdminAsync(), await own.NewCustomerAsync());
        var segment = await own.SegmentAsync(Spent(100));
        (await admin.Patch(Url(segment), new { discount_percentage = "12.50", free_shipping = true })).Expect(200);
        Assert.Equal("0.00 false", await BenefitsAsync());

        (await own.OrderAsync(customer, "o1", 100, Segmenting.LongAgo)).Expect(201);
        await own.DrainAsync();
        Assert.Equal("12.50 true", await BenefitsAsync());

        (await own.OrderAsync(customer, "o1", 100, Segmenting.LongAgo, 2, "refunded")).Expect(200);
        await own.DrainAsync();
        Assert.Equal("0.00 false", await BenefitsAsync());

        async Task<string> BenefitsAsync()
        {
            var benefits = (await admin.Get($"{Lists.Customers}{customer}/benefits/")).Expect(200);
            return $"{benefits["discount_percentage"]} {benefits["free_shipping"]}";
        }
    }

    [Fact]
    public async Task Somebody_who_registers_is_evaluated()
    {
        await using var own = await ClienteleApp.StartAsync();
        var segment = await own.SegmentAsync(Not(Vip));
        var admin = (await own.FreshAdminAsync()).Id;

        var customer = await own.NewCustomerAsync();

        await own.ExpectAsync(segment, admin, customer);
        Assert.Contains($"{customer} entered registered", await own.ChangesAsync(segment));
    }

    [Fact]
    public async Task An_erased_customer_leaves_as_a_bare_id()
    {
        var (segment, customer) = (await app.SegmentAsync(All(Vip, Mark(out var tag))), await app.NewCustomerAsync());
        await app.ExpectAsync(segment);
        await app.PatchAsync(customer, new { is_vip = true, tags = new[] { tag } });
        await app.ExpectAsync(segment, customer);

        (await (await app.FreshAdminAsync()).Delete($"{Lists.Customers}{customer}/")).Expect(204);

        await app.ExpectAsync(segment);
        Assert.Equal([$"{customer} entered profile", $"{customer} left erased"], await app.ChangesAsync(segment));
        Assert.Equal(0, await app.Database.CountAsync($"SELECT COUNT(*) FROM memberships WHERE customer_id = {customer}"));
    }

    [Fact]
    public async Task Inactive_customers_are_no_members_unless_the_rule_speaks_of_it()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.FreshAdminAsync();
        var customer = await own.NewCustomerAsync();
        await own.PatchAsync(customer, new { is_vip = true });
        var (vips, inactive, both) = (
            await own.SegmentAsync(Vip),
            await own.SegmentAsync(new { field = "is_active", op = "eq", value = false }),
            await own.SegmentAsync(All(Vip, Any(new { field = "is_active", op = "eq", value = false }, new { field = "is_active", op = "eq", value = true }))));
        await own.ExpectAsync(vips, customer);

        (await admin.Post($"{Lists.Customers}{customer}/deactivate/")).Expect(200);

        await own.ExpectAsync(vips);
        await own.ExpectAsync(inactive, customer);
        await own.ExpectAsync(both, customer);
        (await admin.Post($"{Lists.Customers}{customer}/reactivate/")).Expect(200);
        await own.ExpectAsync(vips, customer);
        await own.ExpectAsync(inactive);
    }

    [Fact]
    public async Task A_changed_rule_moves_only_those_whom_it_concerns()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (small, large) = (await own.NewCustomerAsync(), await own.NewCustomerAsync());
        (await own.OrderAsync(small, "o1", 100, Segmenting.LongAgo)).Expect(201);
        (await own.OrderAsync(large, "o2", 1000, Segmenting.LongAgo)).Expect(201);
        var segment = await own.SegmentAsync(Spent(50));
        await own.ExpectAsync(segment, small, large);

        (await (await own.FreshAdminAsync()).Patch(Url(segment), new { assignment_rules = Spent(500) })).Expect(200);

        await own.ExpectAsync(segment, large);
        Assert.Equal([$"{small} left rule"], (await own.ChangesAsync(segment)).Skip(2));
    }

    [Fact]
    public async Task A_rebuild_that_changes_nothing_writes_no_members()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.FreshAdminAsync();
        var customer = await own.NewCustomerAsync();
        await own.PatchAsync(customer, new { is_vip = true });
        var segment = await own.SegmentAsync(Vip);
        var before = await own.Database.QueryAsync("SELECT * FROM memberships");
        var evaluated = (string)(await admin.Get(Url(segment)))["evaluated_at"]!;
        own.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("building", (string)(await admin.Post($"{Url(segment)}rebuild/")).Expect(202)["state"]!);

        await own.ExpectAsync(segment, customer);
        Assert.Equal(before, await own.Database.QueryAsync("SELECT * FROM memberships"));
        Assert.NotEqual(evaluated, (string)(await admin.Get(Url(segment)))["evaluated_at"]!);
        (await admin.Post($"{Url(await own.GroupAsync())}rebuild/")).ExpectProblem(409);
        (await admin.Post($"{Url(999_999)}rebuild/")).ExpectProblem(404);
    }

    [Fact]
    public async Task State_and_error_are_for_admins()
    {
        var segment = await app.SegmentAsync(All(Vip, Mark(out _)));

        var seen = (await (await app.CustomerAsync()).Get(Url(segment))).Expect(200).Json.AsObject().Select(member => member.Key);

        Assert.DoesNotContain(seen, member => member is "state" or "progress" or "evaluated_at" or "error" or "assignment_rules");
    }

    [Fact]
    public void Every_facet_of_the_profile_has_the_name_of_a_property()
    {
        string[] ofRows = ["None", "Tags", "Orders", "Reviews", "Wishlist", "Addresses", "Points", "Groups", "All"];

        var ofProfile = Enum.GetNames<Server.Rules.Facets>().Except(ofRows);

        Assert.Subset(typeof(Server.Customers.Customer).GetProperties().Select(property => property.Name).ToHashSet(), ofProfile.ToHashSet());
    }

    /// <summary>A condition for this test only, because the tests of the class share their app.</summary>
    private static object Mark(out string tag)
    {
        tag = $"t{Guid.NewGuid():n}";
        return new { field = "tags", op = "contains_any", value = new[] { tag } };
    }
}
