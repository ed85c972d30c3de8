using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Groups;

public sealed class JoiningGroups(OwnApp app) : IClassFixture<OwnApp>
{
    private const long Nobody = 999_999_999;

    [Fact]
    public async Task One_customer_joins_leaves_and_is_told_whether_anything_changed()
    {
        var (admin, customer, url, id) = await SceneAsync();

        foreach (var (action, changes, members) in new[]
        {
            ("remove_member/", false, 0), ("reset_member/", false, 0), ("add_member/", true, 1), ("add_member/", false, 1),
            ("remove_member/", true, 0), ("add_member/", true, 1), ("reset_member/", true, 0),
        })
        {
            var answer = (await admin.Post(url + action, new { customer_id = customer.Id })).Expect(200);
            Assert.Equal(["message", "group", "customer", "changed"], answer.Json.AsObject().Select(member => member.Key));
            Assert.Equal((id, customer.Id, changes), ((long)answer["group"], (long)answer["customer"], (bool)answer["changed"]));
            await ExpectMembersAsync(admin, url, members == 0 ? [] : [customer.Id]);
        }
    }

    [Fact]
    public async Task A_clock_that_was_a_year_ahead_dates_no_later_change()
    {
        await using var own = await ClienteleApp.StartAsync();
        var clock = new FakeClock { Ahead = TimeSpan.FromDays(366) };
        await using var ahead = await ClienteleApp.StartAsync(new() { Database = own.Database, Clock = clock });
        var (one, other, admin) = (await own.CustomerAsync(), await own.CustomerAsync(), await own.AdminAsync());
        var url = $"/api/customers/groups/{(long)(await admin.Post("/api/customers/groups/", new { name = "By hand" })).Expect(201)["id"]}/";

        (await (await ahead.AdminAsync()).Post(url + "add_member/", new { customer_id = one.Id })).Expect(200);
        (await admin.Post(url + "add_member/", new { customer_id = other.Id })).Expect(200);
        (await admin.Post(url + "remove_member/", new { customer_id = one.Id })).Expect(200);

        var late = own.Clock.GetUtcNow().UtcDateTime.AddMinutes(1);
        var changes = await own.WithDatabaseAsync(db => db.Memberships.Where(m => m.CustomerId == other.Id).Select(m => m.EnteredAt).ToListAsync());
        Assert.InRange(Assert.Single(changes)!.Value, late.AddMinutes(-10), late);
        var periods = await own.WithDatabaseAsync(db => db.MembershipPeriods.Where(p => p.CustomerId == one.Id).ToListAsync());
        var period = Assert.Single(periods);
        Assert.InRange(period.LeftAt, late.AddMinutes(-10), late);
        Assert.True(period.EnteredAt <= period.LeftAt);
    }

    [Fact]
    public async Task Many_join_at_once_and_those_who_are_in_are_counted_apart()
    {
        var (admin, customer, url, id) = await SceneAsync();
        var others = new[] { (await app.CustomerAsync()).Id, (await app.CustomerAsync()).Id };
        (await admin.Post(url + "add_member/", new { customer_id = customer.Id })).Expect(200);

        var body = new { customer_ids = new[] { customer.Id, others[0], others[1], others[0], others[0] } };
        var added = (await admin.Post(url + "add_member/", body)).Expect(200);
        Assert.Equal(["message", "group", "changed", "unchanged"], added.Json.AsObject().Select(member => member.Key));
        Assert.Equal((id, 2, 1), ((long)added["group"], (int)added["changed"], (int)added["unchanged"]));
        await ExpectMembersAsync(admin, url, [customer.Id, .. others]);

        var removed = (await admin.Post(url + "remove_member/", new { customer_ids = others })).Expect(200);
        Assert.Equal((2, 0), ((int)removed["changed"], (int)removed["unchanged"]));
        var reset = (await admin.Post(url + "reset_member/", new { customer_ids = new[] { customer.Id, others[0] } })).Expect(200);
        Assert.Equal((1, 1), ((int)reset["changed"], (int)reset["unchanged"]));
        await ExpectMembersAsync(admin, url, []);
        Assert.Equal((0, 0), await CountsAsync(admin.Post(url + "add_member/", new { customer_ids = Array.Empty<long>() })));
    }

    [Theory]
    [InlineData("add_member/")]
    [InlineData("remove_member/")]
    [InlineData("reset_member/")]
    public async Task An_unknown_customer_is_named_and_nothing_changes(string action)
    {
        var (admin, customer, url, _) = await SceneAsync();
        (await admin.Post(url + "add_member/", new { customer_id = admin.Id })).Expect(200);

        (await admin.Post(url + action, new { customer_id = Nobody })).ExpectProblem(404, "customer_id");
        var body = new { customer_ids = new[] { customer.Id, Nobody, admin.Id, Nobody + 1 } };
        var problem = (await admin.Post(url + action, body)).ExpectProblem(400, "customer_ids");

        Assert.Contains($"{Nobody}, {Nobody + 1}", (string)problem["errors"]["customer_ids"]![0]!, StringComparison.Ordinal);
        await ExpectMembersAsync(admin, url, [admin.Id]);
    }

    [Theory]
    [InlineData("{}", "customer_id")]
    [InlineData("""{"customer_id": null}""", "customer_id")]
    [InlineData("""{"customer_id": 1, "customer_ids": [1]}""", "customer_id")]
    [InlineData("""{"customer_id": "1"}""", "customer_id")]
    [InlineData("""{"customer_id": 1.5}""", "customer_id")]
    [InlineData("""{"customer_ids": 1}""", "customer_ids")]
    [InlineData("""{"customer_ids": [1, "1"]}""", "customer_ids/1")]
    [InlineData("""{"customer_ids": [null]}""", "customer_ids/0")]
    public async Task Either_one_or_many_have_to_be_given(string body, string member)
    {
        var (admin, _, url, _) = await SceneAsync();

        foreach (var action in new[] { "add_member/", "remove_member/", "reset_member/" })
        {
            var problem = (await admin.Post(url + action, body)).ExpectProblem(400, member);
            Assert.DoesNotContain("missing a member", problem.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_thousand_may_join_at_once_and_no_more()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var first = await Population.TakeIdsAsync(own, 1001);
        await Population.InsertAsync(own, [.. Enumerable.Range(0, 1001).Select(i => Person.Named(first + i, $"u{i}", DateTime.UnixEpoch))]);
        var url = (await admin.Post(Lists.Groups, new { name = "Many" })).Expect(201).Headers["Location"];
        var ids = Enumerable.Range(0, 1001).Select(i => first + i).ToArray();

        (await admin.Post(url + "add_member/", new { customer_ids = ids })).ExpectProblem(400, "customer_ids");
        Assert.Equal((1000, 0), await CountsAsync(admin.Post(url + "add_member/", new { customer_ids = ids[1..] })));
        Assert.Equal(1000, (int)(await admin.Get(url))["members_count"]);
        Assert.Equal(1000, (int)(await admin.Get(url + "members/"))["count"]);
        Assert.Equal((1000, 0), await CountsAsync(admin.Post(url + "remove_member/", new { customer_ids = ids[1..] })));
        Assert.Equal(0, (int)(await admin.Get(url))["members_count"]);
    }

    [Fact]
    public async Task An_unknown_group_is_not_found()
    {
        var admin = await app.AdminAsync();

        foreach (var action in new[] { "add_member/", "remove_member/", "reset_member/" })
        {
            (await admin.Post($"{Lists.Groups}{Nobody}/{action}", new { customer_id = admin.Id })).ExpectProblem(404);
        }

        (await admin.Get($"{Lists.Groups}{Nobody}/members/")).ExpectProblem(404);
    }

    [Fact]
    public async Task A_customer_sees_at_most_themselves_among_the_members()
    {
        var (admin, customer, url, _) = await SceneAsync();
        var member = await app.CustomerAsync();
        (await admin.Post(url + "add_member/", new { customer_ids = new[] { member.Id, admin.Id } })).Expect(200);

        var own = (await member.Get(url + "members/")).Expect(200);
        Assert.Equal([member.Id], own.Ids());
        Assert.Equal(1, (int)own["count"]);
        var others = (await customer.Get(url + "members/")).Expect(200);
        Assert.Equal((0, null), ((int)others["count"], others.Next()));
        Assert.Empty(others.Ids());

        // No filter may tell a customer anything about others.
        (await customer.Get($"{url}members/?ids={member.Id}")).ExpectProblem(400, "ids");
        (await customer.Get($"{url}members/?search=a")).ExpectProblem(400, "search");
        Assert.Equal([member.Id], (await member.Get(url + "members/?cursor=&page_size=1")).Expect(200).Ids());
    }

    [Fact]
    public async Task A_removal_from_a_group_with_a_rule_holds_until_it_is_taken_back()
    {
        var (admin, customer, _, _) = await SceneAsync();
        var url = (await admin.Post(Lists.Groups, new
        {
            name = $"s{Guid.NewGuid():N}",
            auto_assign = true,
            assignment_rules = new { field = "username", op = "eq", value = "nobody at all" },
        })).Expect(201).Headers["Location"];

        // Until the segment is built, somebody who is reset stays what they are.
        await app.DrainAsync();
        foreach (var (action, changes, members, origin) in new[]
        {
            ("add_member/", true, 1, "Included"), ("remove_member/", true, 0, "Excluded"), ("remove_member/", false, 0, "Excluded"),
            ("reset_member/", true, 0, ""), ("reset_member/", false, 0, ""), ("remove_member/", true, 0, "Excluded"), ("add_member/", true, 1, "Included"),
            ("reset_member/", true, 0, ""),
        })
        {
            var answer = (await admin.Post(url + action, new { customer_id = customer.Id })).Expect(200);
            Assert.Equal(changes, (bool)answer["changed"]);
            await ExpectMembersAsync(admin, url, members == 0 ? [] : [customer.Id]);
            Assert.Equal(origin, await app.WithDatabaseAsync(db => Task.FromResult(string.Concat(
                db.Memberships.Where(m => m.CustomerId == customer.Id).Select(m => m.Origin).AsEnumerable().Select(stored => stored.ToString())))));
            Assert.Equal(members, (await customer.Get(customer.Url))["customer_groups"].AsArray().Count);
        }
    }

    [Fact]
    public async Task A_profile_names_the_groups_and_what_they_give()
    {
        var (admin, customer, url, id) = await SceneAsync();
        (await admin.Patch(url, new { discount_percentage = 12.5, free_shipping = true })).Expect(200);
        var other = (await admin.Post(Lists.Groups, new { name = $"A {Guid.NewGuid():N}" })).Expect(201);
        (await admin.Post(url + "add_member/", new { customer_id = customer.Id })).Expect(200);
        (await admin.Post(other.Headers["Location"] + "add_member/", new { customer_id = customer.Id })).Expect(200);

        var groups = (await customer.Get(customer.Url)).Expect(200)["customer_groups"].AsArray();

        Assert.Equal([(long)other["id"], id], groups.Select(group => (long)group!["id"]!));
        Assert.Equal(["id", "name", "discount_percentage", "priority_support", "free_shipping"], groups[1]!.AsObject().Select(member => member.Key));
        Assert.Equal(
            ("12.50", false, true),
            ((string)groups[1]!["discount_percentage"]!, (bool)groups[1]!["priority_support"]!, (bool)groups[1]!["free_shipping"]!));

        (await admin.Delete(url)).Expect(204);
        Assert.Single((await customer.Get(customer.Url))["customer_groups"].AsArray());
        (await admin.Get($"{Lists.Customers}?group={id}")).Expect(200);
        Assert.Empty((await admin.Get($"{Lists.Customers}?group={id}")).Ids());
    }

    private static async Task<(int Changed, int Unchanged)> CountsAsync(Task<Answer> answer)
    {
        var counts = (await answer).Expect(200);
        return ((int)counts["changed"], (int)counts["unchanged"]);
    }

    private static async Task ExpectMembersAsync(Actor admin, string url, long[] ids)
    {
        Assert.Equal(ids.Order(), (await admin.Get(url + "members/")).Expect(200).Ids().Order());
        Assert.Equal(ids.Length, (int)(await admin.Get(url))["members_count"]);
    }

    private async Task<(Actor Admin, Actor Customer, string Url, long Id)> SceneAsync()
    {
        var admin = await app.AdminAsync();
        var group = (await admin.Post(Lists.Groups, new { name = $"g{Guid.NewGuid():N}" })).Expect(201);
        return (admin, await app.CustomerAsync(), group.Headers["Location"], (long)group["id"]);
    }
}
