using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Groups;

/// <summary>A group's count of members is correct, however many customers enter and leave at the same time.</summary>
public sealed class CountingMembersAtOnce(ClienteleApp app)
{
    [Fact]
    public async Task Adding_and_removing_the_same_customers_at_once()
    {
        var (admin, group) = (await app.AdminAsync(), await GroupAsync());
        var customers = await CustomersAsync(4);

        var answers = await Crowd.AtOnceAsync(i => admin.Post($"{group}{(i / 4 % 2 == 0 ? "add" : "remove")}_member/", new { customer_id = customers[i % 4] }));

        Assert.All(answers, answer => answer.Expect(200));
        await ExpectRightCountAsync(group);
    }

    [Fact]
    public async Task Each_of_many_who_add_one_customer_at_once_is_told_whether_it_was_them()
    {
        var (admin, group) = (await app.AdminAsync(), await GroupAsync());
        var customer = (await CustomersAsync(1))[0];

        var answers = await Crowd.AtOnceAsync(_ => admin.Post($"{group}add_member/", new { customer_id = customer }));

        Assert.Single(answers, answer => (bool)answer.Expect(200)["changed"]);
        Assert.Equal(1, await ExpectRightCountAsync(group));
    }

    [Fact]
    public async Task Two_hundred_together_and_each_alone_in_any_order()
    {
        var (admin, group, other) = (await app.AdminAsync(), await GroupAsync(), await GroupAsync());
        var customers = await CustomersAsync(200);

        var answers = await Crowd.AtOnceAsync(i => (i % 4) switch
        {
            0 => admin.Post($"{(i % 8 == 0 ? group : other)}add_member/", new { customer_ids = i % 3 == 0 ? customers : [.. customers.Reverse()] }),
            1 => admin.Post($"{(i % 8 == 1 ? group : other)}remove_member/", new { customer_ids = customers[(i * 3)..(i * 5)] }),
            2 => admin.Post($"{group}add_member/", new { customer_id = customers[i] }),
            _ => admin.Post($"{other}remove_member/", new { customer_id = customers[^i] }),
        });

        Assert.All(answers, answer => answer.Expect(200));
        await ExpectRightCountAsync(group);
        await ExpectRightCountAsync(other);
    }

    [Fact]
    public async Task A_group_that_is_deleted_meanwhile_takes_all_its_memberships_along()
    {
        var (admin, customers) = (await app.AdminAsync(), await CustomersAsync(8));
        var (group, other) = (await GroupAsync(), await GroupAsync());

        var answers = await Crowd.AtOnceAsync(i => i == 9
            ? admin.Delete(group)
            : admin.Post($"{(i % 2 == 0 ? group : other)}{(i % 5 == 0 ? "remove" : "add")}_member/", new { customer_id = customers[i % 8] }));

        Assert.All(answers, answer => Assert.True((int)answer.Status is 200 or 204 or 404, answer.Text));
        (await admin.Get(group)).ExpectProblem(404);
        Assert.Equal(0, await app.Database.CountAsync($"SELECT COUNT(*) FROM memberships WHERE group_id = {IdOf(group)}"));
        Assert.Equal(0, await app.Database.CountAsync($"SELECT COUNT(*) FROM group_counts WHERE group_id = {IdOf(group)}"));
        await ExpectRightCountAsync(other);
    }

    [Fact]
    public async Task Customers_who_are_erased_meanwhile_are_counted_no_more()
    {
        var (admin, customers) = (await app.AdminAsync(), await CustomersAsync(8));
        var (group, other) = (await GroupAsync(), await GroupAsync());
        (await admin.Post($"{other}add_member/", new { customer_ids = customers })).Expect(200);

        var answers = await Crowd.AtOnceAsync(i => (i % 4) switch
        {
            0 => admin.Delete($"/api/customers/customers/{customers[i / 4]}/"),
            1 => admin.Post($"{group}add_member/", new { customer_ids = customers }),
            2 => admin.Post($"{other}remove_member/", new { customer_id = customers[i / 4] }),
            _ => admin.Post($"{group}add_member/", new { customer_id = customers[i / 4] }),
        });

        Assert.All(answers, answer => Assert.True((int)answer.Status is 200 or 204 or 400 or 404, answer.Text));
        Assert.Equal(0, await ExpectRightCountAsync(group));
        Assert.Equal(0, await ExpectRightCountAsync(other));
    }

    private static string IdOf(string group) => group.Split('/')[^2];

    private async Task<string> GroupAsync()
    {
        var created = (await (await app.AdminAsync()).Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid():n}" })).Expect(201);
        return $"/api/customers/groups/{created["id"]}/";
    }

    private async Task<long[]> CustomersAsync(int count)
    {
        var ids = new List<long>();
        foreach (var batch in Enumerable.Range(0, count).Chunk(8))
        {
            ids.AddRange(await Task.WhenAll(batch.Select(async _ =>
            {
                var username = $"member-{Guid.NewGuid():n}";
                return (long)(await app.Stranger.Post("/api/customers/register/", Given.Registration(username))).Expect(201)["id"];
            })));
        }

        return [.. ids];
    }

    private async Task<long> ExpectRightCountAsync(string group)
    {
        var rows = await app.Database.CountAsync($"SELECT COUNT(*) FROM memberships WHERE is_member AND group_id = {IdOf(group)}");
        Assert.Equal(rows, (long)(await (await app.AdminAsync()).Get(group)).Expect(200)["members_count"]);
        return rows;
    }
}
