using Clientele.Server.Data;
using Clientele.Server.Loyalty;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Loyalty;

public sealed class AdjustingPoints(ClienteleApp app)
{
    [Fact]
    public async Task Points_come_and_go_by_entries_that_add_up()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        Assert.Equal(500, await AdjustAsync(admin, customer, 500));
        Assert.Equal(800, await AdjustAsync(admin, customer, 300));
        Assert.Equal(200, await AdjustAsync(admin, customer, -600));

        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var entries = await db.PointsEntries.Where(e => e.CustomerId == customer.Id).OrderBy(e => e.Id).ToListAsync(TestContext.Current.CancellationToken);
        var rests = await db.PointsLots.Where(l => l.CustomerId == customer.Id)
            .OrderBy(l => l.EntryId).Select(l => l.Rest).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([500, 800, 200], entries.Select(entry => entry.Balance));
        Assert.Equal([0, 200], rests);
    }

    [Fact]
    public async Task Of_many_who_take_at_once_only_as_many_succeed_as_there_are_points()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await AdjustAsync(admin, customer, 100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => admin.Post($"{customer.Url}add_loyalty_points/", new { points = -30 })));

        Assert.Equal(3, answers.Count(answer => (int)answer.Status == 200));
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => Assert.Equal("insufficient_points", answer.ExpectProblem(409).Code));
        Assert.Equal(10, (int)(await customer.Get($"{customer.Url}stats/"))["loyalty_points"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_001)]
    [InlineData(1.5)]
    public async Task Only_whole_numbers_up_to_a_million_are_points(double points)
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());

        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points })).ExpectProblem(400, "points");
    }

    [Fact]
    public async Task An_erasure_forfeits_what_is_left_and_keeps_bare_numbers()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await AdjustAsync(admin, customer, 70);
        (await admin.Delete(customer.Url)).Expect(204);

        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var last = await db.PointsEntries.Where(e => e.CustomerId == customer.Id).OrderBy(e => e.Id).LastAsync(TestContext.Current.CancellationToken);

        Assert.Equal((PointsEntryKind.Forfeit, -70L, 0L), (last.Kind, last.Points, last.Balance));
        Assert.False(await db.PointsReasons.AnyAsync(r => r.CustomerId == customer.Id, TestContext.Current.CancellationToken));
    }

    private static async Task<int> AdjustAsync(Actor admin, Actor customer, int points) =>
        (int)(await admin.Post($"{customer.Url}add_loyalty_points/", new { points })).Expect(200)["new_balance"];

    [Theory]
    [InlineData("add_loyalty_points", "expiry")]
    [InlineData("redeem_loyalty_points", "order")]
    [InlineData("loyalty/entries/2/reverse", "amount")]
    public async Task A_member_that_the_call_does_not_know_moves_no_points(string call, string member)
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.AdjustAsync(customer, 50);
        await admin.RedeemAsync(customer, 20);
        var body = new Dictionary<string, object> { ["points"] = 10, ["reason"] = "R", [member] = 1 };

        var refused = (await admin.Post($"{customer.Url}{call}/", body)).ExpectProblem(400, member);

        Assert.Contains("points", (string)refused["errors"][member]![0]!, StringComparison.Ordinal);
        Assert.Equal((30, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task A_redemption_is_reversed_in_parts_up_to_the_whole()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.AdjustAsync(customer, 100);
        var redemption = await admin.RedeemAsync(customer, 80);
        var url = $"{customer.Url}loyalty/entries/{redemption}/reverse/";

        Assert.Equal(50, await admin.GiveBackAsync(customer, redemption, 30));
        Assert.Equal("already_reversed", (await admin.Post(url, new { points = 51 })).ExpectProblem(409).Code);
        Assert.Equal(70, await admin.GiveBackAsync(customer, redemption, 20));
        Assert.Equal(30, (int)(await admin.Post(url, new { reason = "The rest" })).Expect(200)["given_back"]);
        (await admin.Post(url, new { points = 1 })).ExpectProblem(409);
        (await admin.Post(url)).ExpectProblem(409);
        foreach (var points in new object[] { 0, -1, 1.5, "1" })
        {
            (await admin.Post(url, new { points })).ExpectProblem(400, "points");
        }

        Assert.Equal((100, 0, 0), await customer.PointsAsync());
    }

    [Fact]
    public async Task Simultaneous_parts_of_a_reversal_add_up_to_no_more_than_the_redemption()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        await admin.AdjustAsync(customer, 100);
        var url = $"{customer.Url}loyalty/entries/{await admin.RedeemAsync(customer, 100)}/reverse/";

        var answers = await Crowd.AtOnceAsync(16, _ => admin.Post(url, new { points = 30 }));

        Assert.Equal(3, answers.Count(answer => (int)answer.Status == 200));
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => answer.ExpectProblem(409));
        Assert.Equal((90, 0, 0), await customer.PointsAsync());
    }
}
