using Clientele.Server.Groups;
using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>Who entered and left a group, in order, each change once.</summary>
public sealed class ReadingChanges(OwnApp app) : IClassFixture<OwnApp>
{
    [Fact]
    public async Task A_cursor_goes_on_where_the_last_answer_ended()
    {
        var (admin, group, customer) = (await app.FreshAdminAsync(), await app.GroupAsync(), await app.NewCustomerAsync());
        var nothing = (await admin.Get($"{Url(group)}changes/")).Expect(200);
        Assert.Equal((0, false), (nothing["results"].AsArray().Count, (bool)nothing["more"]));

        await app.DecideAsync("add", group, customer);
        await app.DecideAsync("remove", group, customer);
        await app.DecideAsync("add", group, customer);

        var first = (await admin.Get($"{Url(group)}changes/?since={nothing["cursor"]}&page_size=2")).Expect(200);
        var second = (await admin.Get($"{Url(group)}changes/?since={first["cursor"]}&page_size=2")).Expect(200);
        var third = (await admin.Get($"{Url(group)}changes/?since={second["cursor"]}&page_size=2")).Expect(200);
        Assert.Equal(
            ["entered left more", "entered", ""],
            new[] { first, second, third }.Select(page => string.Join(
                ' ', page["results"].AsArray().Select(change => (string)change!["change"]!).Concat((bool)page["more"] ? ["more"] : []))));
        Assert.Equal((string)second["cursor"]!, (string)third["cursor"]!);
    }

    [Fact]
    public async Task The_newest_change_comes_first_on_request()
    {
        var (admin, group, customer) = (await app.FreshAdminAsync(), await app.GroupAsync(), await app.NewCustomerAsync());
        foreach (var decision in new[] { "add", "remove", "add", "remove", "add" })
        {
            await app.DecideAsync(decision, group, customer);
        }

        var first = await PageAsync("");
        await app.DecideAsync("remove", group, customer);
        var second = await PageAsync($"&since={first["cursor"]}");
        var third = await PageAsync($"&since={second["cursor"]}");
        var fourth = await PageAsync($"&since={third["cursor"]}");

        // A change that comes between two pages is not among the earlier ones.
        Assert.Equal(
            ["entered left more", "entered left more", "entered", ""],
            new[] { first, second, third, fourth }.Select(page => string.Join(
                ' ', page["results"].AsArray().Select(change => (string)change!["change"]!).Concat((bool)page["more"] ? ["more"] : []))));
        (await admin.Get($"{Url(group)}changes/?since={first["cursor"]}")).ExpectProblem(400, "since");

        async Task<Answer> PageAsync(string since) => (await admin.Get($"{Url(group)}changes/?ordering=-at&page_size=2{since}")).Expect(200);
    }

    [Theory]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=MS4x", "since")]
    [InlineData("page_size=0", "page_size")]
    [InlineData("page_size=many", "page_size")]
    [InlineData("cursor=MS4x", "cursor")]
    [InlineData("since=&since=", "since")]
    [InlineData("ordering=newest", "ordering")]
    [InlineData("ordering=-id", "ordering")]
    public async Task What_is_no_cursor_of_this_group_is_refused(string query, string member) =>
        (await (await app.FreshAdminAsync()).Get($"{Url(await app.GroupAsync())}changes/?{query}")).ExpectProblem(400, member);

    [Fact]
    public async Task A_number_that_is_committed_late_is_told_before_those_that_follow_it()
    {
        var (admin, group) = (await app.FreshAdminAsync(), await app.GroupAsync());
        await app.DecideAsync("add", group, await app.NewCustomerAsync());
        var (early, late) = (await app.NewCustomerAsync(), await app.NewCustomerAsync());

        // Simulates members on several machines: of two commits, the second has reached its machine, and the first has not yet.
        await using (var first = await app.Database.BeginAsync())
        {
            if (TestDatabase.Kind is DatabaseKind.Postgres)
            {
                await first.ExecuteAsync(Counted(group, 2) + Entering(group, early, 2));
            }

            await app.Database.ExecuteAsync(Entering(group, late, 3));
            var (seen, cursor) = await app.ReadChangesAsync(group, null);
            Assert.Single(seen);

            await first.ExecuteAsync(TestDatabase.Kind is DatabaseKind.Postgres ? "SELECT 1" : Counted(group, 2) + Entering(group, early, 2));
            await first.CommitAsync();
            var (then, next) = await app.ReadChangesAsync(group, cursor);
            Assert.Equal([early], then.Select(change => change.Customer));

            await app.Database.ExecuteAsync(Counted(group, 3));
            Assert.Equal([late], (await app.ReadChangesAsync(group, next)).Changes.Select(change => change.Customer));
        }

        Assert.Equal(3, (int)(await admin.Get(Url(group))).Expect(200)["members_count"]);
    }

    [Fact]
    public async Task A_group_that_is_not_there_has_none() => (await (await app.FreshAdminAsync()).Get($"{Url(999999999)}changes/")).ExpectProblem(404);

    private static string Counted(long group, int members) => $"UPDATE group_counts SET members = {members}, last_seq = {members} WHERE group_id = {group};";

    private static string Entering(long group, long customer, int number) =>
        $"""
         INSERT INTO memberships (customer_id, group_id, origin, is_member, changed_at, entered_at, entered_seq, entered_cause)
         VALUES ({customer}, {group}, {(int)MembershipOrigin.Included}, true, '2026-01-01 00:00:00', '2026-01-01 00:00:00', {number}, {(int)Cause.ByHand})
         """;
}
