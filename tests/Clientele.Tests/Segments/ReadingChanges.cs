using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>Who entered and left a group, in order, each change once.</summary>
public sealed class ReadingChanges(ClienteleApp app)
{
    [Fact]
    public async Task A_cursor_goes_on_where_the_last_answer_ended()
    {
        var (admin, group, customer) = (await app.BossAsync(), await app.GroupAsync(), await app.SomebodyAsync());
        var nothing = (await admin.Get($"{Url(group)}changes/")).Expect(200);
        Assert.Equal((0, false), (nothing["results"].AsArray().Count, (bool)nothing["more"]));

        await app.HandAsync("add", group, customer);
        await app.HandAsync("remove", group, customer);
        await app.HandAsync("add", group, customer);

        var first = (await admin.Get($"{Url(group)}changes/?since={nothing["cursor"]}&page_size=2")).Expect(200);
        var second = (await admin.Get($"{Url(group)}changes/?since={first["cursor"]}&page_size=2")).Expect(200);
        var third = (await admin.Get($"{Url(group)}changes/?since={second["cursor"]}&page_size=2")).Expect(200);
        Assert.Equal(
            ["entered left more", "entered", ""],
            new[] { first, second, third }.Select(page => string.Join(' ', page["results"].AsArray().Select(change => (string)change!["change"]!).Concat((bool)page["more"] ? ["more"] : []))));
        Assert.Equal((string)second["cursor"]!, (string)third["cursor"]!);
    }

    [Theory]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=MS4x", "since")]
    [InlineData("page_size=0", "page_size")]
    [InlineData("page_size=many", "page_size")]
    [InlineData("cursor=MS4x", "cursor")]
    [InlineData("since=&since=", "since")]
    public async Task What_is_no_cursor_of_this_group_is_refused(string query, string member) =>
        (await (await app.BossAsync()).Get($"{Url(await app.GroupAsync())}changes/?{query}")).ExpectProblem(400, member);

    [Fact]
    public async Task A_group_that_is_not_there_has_none() => (await (await app.BossAsync()).Get($"{Url(999999999)}changes/")).ExpectProblem(404);
}
