using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>Shows what a rule would do before it does it.</summary>
public sealed class TryingRulesOut(OwnApp app) : IClassFixture<OwnApp>
{
    [Fact]
    public async Task It_says_who_would_enter_and_leave_and_how_many_stay()
    {
        await using var own = await ClienteleApp.StartAsync();
        var people = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            people.Add(await own.NewCustomerAsync());
            (await own.OrderAsync(people[i], $"o{i}", 10 * (i + 1), Segmenting.LongAgo)).Expect(201);
        }

        var segment = await own.SegmentAsync(new { field = "total_spent", op = "between", value = new[] { 10, 30 } });
        await own.DecideAsync("add", segment, people[3]);
        await own.DecideAsync("remove", segment, people[4]);
        var (members, changes) = (await own.MembersAsync(segment), await own.ChangesAsync(segment));

        // The second to the sixth spent 20 or more; the fourth was added and the fifth removed by hand, whatever the rule.
        var answer = (await (await own.FreshAdminAsync()).Post($"{Lists.Groups}preview/", new { assignment_rules = Spent(20), group = segment })).Expect(200);

        Assert.Equal((5, 1, 1, 3), ((int)answer["count"], (int)answer["entering"], (int)answer["leaving"], (int)answer["staying"]));
        Assert.Equal(people[1..], Ids(answer, "sample"));
        Assert.Equal([people[5]], Ids(answer, "entering_sample"));
        Assert.Equal([people[0]], Ids(answer, "leaving_sample"));
        await own.ExpectAsync(segment, [.. members]);
        Assert.Equal(changes, await own.ChangesAsync(segment));
    }

    [Fact]
    public async Task Without_a_group_there_is_nothing_to_compare_with()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (first, second) = (await own.NewCustomerAsync(), await own.NewCustomerAsync());
        var rule = new { field = "username", op = "starts_with", value = "somebody" };

        var some = (await (await own.FreshAdminAsync()).Post($"{Lists.Groups}preview/", new { assignment_rules = rule, sample_size = 1 })).Expect(200);
        var none = (await (await own.FreshAdminAsync()).Post($"{Lists.Groups}preview/", new { assignment_rules = rule, sample_size = 0 })).Expect(200);

        Assert.Equal([first], Ids(some, "sample"));
        Assert.Equal((2, 2), ((int)some["count"], (int)none["count"]));
        Assert.Empty(Ids(none, "sample"));
        Assert.All(["entering", "leaving", "staying", "entering_sample", "leaving_sample"], member => Assert.Null(some.Json[member]));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task What_it_cannot_be_compared_with_is_named()
    {
        var admin = await app.FreshAdminAsync();

        (await admin.Post($"{Lists.Groups}preview/", new { assignment_rules = Vip, group = 999999999 })).ExpectProblem(400, "group");
        (await admin.Post($"{Lists.Groups}preview/", new { assignment_rules = Not(In(999999999)) })).ExpectProblem(400, "/assignment_rules/not/in_group");
        (await admin.Post($"{Lists.Groups}preview/", new { assignment_rules = Vip, sample_size = 101 })).ExpectProblem(400, "sample_size");
        (await admin.Post($"{Lists.Groups}preview/", new { sample_size = 1 })).ExpectProblem(400, "assignment_rules");
    }

    private static IEnumerable<long> Ids(Answer answer, string member) => answer[member].AsArray().Select(customer => (long)customer!["id"]!);
}
