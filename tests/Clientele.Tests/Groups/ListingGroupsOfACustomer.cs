using System.Text.Json;
using Clientele.Tests.Support;

namespace Clientele.Tests.Groups;

/// <summary>The groups of a customer, with the reason for each.</summary>
public sealed class ListingGroupsOfACustomer(OwnApp app) : IClassFixture<OwnApp>
{
    [Fact]
    public async Task Each_group_says_why()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var rule = new { field = "username", op = "eq", value = customer.Username };
        var (joined, left) = (await GroupAsync(admin, new { }), await GroupAsync(admin, new { auto_assign = true, assignment_rules = rule }));
        (await admin.Post($"{Lists.Groups}{joined}/add_member/", new { customer_id = customer.Id })).Expect(200);
        (await admin.Post($"{Lists.Groups}{left}/remove_member/", new { customer_id = customer.Id })).Expect(200);

        var groups = (await admin.Get($"{customer.Url}groups/")).Expect(200)["results"].AsArray();

        Assert.Equal([joined, left], groups.Select(group => (long)group!["group"]!));
        Assert.Equal(["included", "excluded"], groups.Select(group => (string)group!["origin"]!));
        Assert.Equal([true, false], groups.Select(group => (bool)group!["is_member"]!));
        Assert.All(groups, group => Assert.Equal(admin.Id, (long)group!["changed_by"]!));
        Assert.Equal("by_hand", (string)groups[0]!["entered_cause"]!);
        Assert.Equal(1, (int)(await admin.Get($"{customer.Url}groups/?is_member=false")).Expect(200)["count"]);
    }

    [Fact]
    public async Task Customers_do_not_see_the_decisions_about_them()
    {
        var customer = await app.CustomerAsync();

        (await customer.Get($"{customer.Url}groups/")).ExpectProblem(403);
    }

    private static async Task<long> GroupAsync(Actor admin, object with)
    {
        var group = JsonSerializer.SerializeToNode(with)!.AsObject();
        group["name"] = $"Group {Guid.NewGuid():N}";
        return (long)(await admin.Post(Lists.Groups, group)).Expect(201)["id"];
    }
}
