using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>A rule may refer to other groups, but without cycles and not too deep.</summary>
public sealed class PuttingGroupsInGroups(OwnApp app) : IClassFixture<OwnApp>
{
    /// <summary>For segments in the service that all tests share: they must not contain other tests' customers.</summary>
    private static readonly object Nobody = new { field = "source", op = "eq", value = "nobody comes from here" };

    [Fact]
    public async Task A_segment_follows_the_members_of_another_and_they_those_of_a_third()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.NewCustomerAsync();
        var hand = await own.GroupAsync();
        var middle = await own.SegmentAsync(Any(In(hand), Vip));
        var top = await own.SegmentAsync(All(In(middle), Spent(0)));

        await own.DecideAsync("add", hand, customer);
        await own.ExpectAsync(top, customer);
        await own.DecideAsync("remove", hand, customer);
        await own.ExpectAsync(top);
        await own.PatchAsync(customer, new { is_vip = true });
        await own.ExpectAsync(middle, customer);
        await own.ExpectAsync(top, customer);
        (await (await own.FreshAdminAsync()).Patch(Url(middle), new { assignment_rules = In(hand) })).Expect(200);
        await own.ExpectAsync(middle);
        await own.ExpectAsync(top);

        Assert.Equal(
            [$"{customer} entered group", $"{customer} left group", $"{customer} entered group", $"{customer} left group"],
            (await own.ChangesAsync(top)).Where(change => change.StartsWith($"{customer} ", StringComparison.Ordinal)));
        Assert.Empty(await own.CheckAsync());
    }

    [Fact]
    public async Task An_exclusion_from_the_one_is_felt_in_the_other()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.NewCustomerAsync();
        await own.PatchAsync(customer, new { is_vip = true });
        var vips = await own.SegmentAsync(Vip);
        var others = await own.SegmentAsync(All(Vip, Not(In(vips))));
        await own.ExpectAsync(others);

        await own.DecideAsync("remove", vips, customer);

        await own.ExpectAsync(others, customer);
    }

    [Fact]
    public async Task A_circle_is_refused_with_its_path()
    {
        var admin = await app.FreshAdminAsync();
        var (a, b, c) = ($"Gold {Guid.NewGuid():n}", $"VIP {Guid.NewGuid():n}", $"Loyal {Guid.NewGuid():n}");
        var gold = await app.SegmentAsync(Nobody, a);
        var vip = await app.SegmentAsync(In(gold), b);
        var loyal = await app.SegmentAsync(All(Nobody, In(vip)), c);

        var refused = (await admin.Patch(Url(gold), new { assignment_rules = Any(Nobody, Not(In(loyal))) }))
            .ExpectProblem(400, "/assignment_rules/any/1/not/in_group");

        Assert.Contains($"{a} → {c} → {b} → {a}", (string)refused["errors"]["/assignment_rules/any/1/not/in_group"]![0]!, StringComparison.Ordinal);
        (await admin.Patch(Url(gold), new { assignment_rules = In(gold) })).ExpectProblem(400, "/assignment_rules/in_group");
        (await admin.Patch(Url(gold), new { assignment_rules = In(999_999) })).ExpectProblem(400, "/assignment_rules/in_group");
        (await admin.Post(Lists.Groups, new { name = $"g{Guid.NewGuid():n}", auto_assign = true, assignment_rules = In(999_999) }))
            .ExpectProblem(400, "/assignment_rules/in_group");
    }

    [Fact]
    public async Task Two_who_would_close_a_circle_together_do_not()
    {
        await using var second = await app.SecondNodeAsync();
        var admin = await app.FreshAdminAsync();
        for (var round = 0; round < 8; round++)
        {
            var (a, b) = (await app.GroupAsync(), await app.GroupAsync());

            var answers = await Task.WhenAll(
                admin.Patch(Url(a), new { auto_assign = true, assignment_rules = In(b) }),
                second.Here(admin).Patch(Url(b), new { auto_assign = true, assignment_rules = In(a) }));

            Assert.Equal([200, 400], answers.Select(answer => (int)answer.Status).Order());
        }
    }

    [Fact]
    public async Task Five_deep_is_the_deepest()
    {
        var admin = await app.FreshAdminAsync();
        var groups = new List<long> { await app.GroupAsync() };
        for (var depth = 1; depth <= 5; depth++)
        {
            groups.Add(await app.SegmentAsync(In(groups[^1])));
        }

        (await admin.Post(Lists.Groups, new { name = $"g{Guid.NewGuid():n}", auto_assign = true, assignment_rules = In(groups[^1]) }))
            .ExpectProblem(400, "/assignment_rules/in_group");
        (await admin.Patch(Url(groups[0]), new { auto_assign = true, assignment_rules = In(await app.GroupAsync()) }))
            .ExpectProblem(400, "/assignment_rules/in_group");
        (await admin.Patch(Url(groups[3]), new { assignment_rules = Nobody })).Expect(200);
        (await admin.Patch(Url(groups[0]), new { auto_assign = true, assignment_rules = In(await app.GroupAsync()) })).Expect(200);
    }

    [Fact]
    public async Task A_group_that_others_ask_for_cannot_be_deleted()
    {
        var admin = await app.FreshAdminAsync();
        var group = await app.GroupAsync();
        var name = $"Referring {Guid.NewGuid():n}";
        var referring = await app.SegmentAsync(In(group), name);

        var refused = (await admin.Delete(Url(group))).ExpectProblem(409);

        Assert.Equal("group_in_use", refused.Code);
        Assert.Contains(name, (string)refused["detail"]!, StringComparison.Ordinal);
        (await admin.Delete(Url(referring))).Expect(204);
        (await admin.Delete(Url(group))).Expect(204);
    }
}
