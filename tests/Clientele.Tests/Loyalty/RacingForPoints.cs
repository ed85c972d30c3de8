using System.Diagnostics;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>Many clients on one account, with two nodes: two processes on PostgreSQL, two nodes in this process on SQLite.</summary>
public sealed class RacingForPoints(ClienteleApp app, TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task Of_64_who_redeem_7_of_100_points_exactly_14_succeed()
    {
        var (admins, customer) = (await nodes.AdminsAsync(app), await app.CustomerAsync());
        (await admins[0].Post($"{customer.Url}add_loyalty_points/", new { points = 100 })).Expect(200);

        var calls = await Crowd.AtOnceAsync(64, client => RedeemAsync(admins[client % 2], customer, 7));

        Assert.Equal(14, calls.Count(call => call.Result is CallResult.Done));
        Assert.Equal(2, (long)(await customer.Get($"{customer.Url}loyalty/")).Expect(200)["available"]);
        Assert.Null(CallHistory.Complaint(100, calls));
    }

    [Fact]
    public async Task Redemptions_and_adjustments_at_once_happen_one_after_the_other()
    {
        var (admins, customer) = (await nodes.AdminsAsync(app), await app.CustomerAsync());
        (await admins[0].Post($"{customer.Url}add_loyalty_points/", new { points = 25 })).Expect(200);

        var calls = (await Crowd.AtOnceAsync(24, async client =>
        {
            var (chance, own) = (new Random(client), new List<Call>());
            for (var i = 0; i < 5; i++)
            {
                var (admin, points) = (admins[chance.Next(2)], chance.Next(1, 15));
                own.Add(chance.Next(3) switch
                {
                    0 => await AdjustAsync(admin, customer, points),
                    1 => await AdjustAsync(admin, customer, -points),
                    _ => await RedeemAsync(admin, customer, points),
                });
            }

            return own;
        })).SelectMany(own => own).ToArray();

        Assert.Null(CallHistory.Complaint(25, calls));
        var available = (long)(await customer.Get($"{customer.Url}loyalty/")).Expect(200)["available"];
        var entries = await LedgerReading.EntriesAsync(admins[0], customer.Url);
        Assert.Equal(25 + calls.Where(call => call.Result is CallResult.Done).Sum(call => call.Change), available);
        var changes = calls.Where(call => call.Result is CallResult.Done).Select(call => call.Change).Order();
        var ordered = entries.Take(1).Concat(entries.Skip(1).OrderBy(entry => entry.Points));
        Assert.Equal([25, .. changes], ordered.Select(entry => entry.Points));
    }

    [Fact]
    public async Task Of_many_who_give_one_redemption_back_one_succeeds()
    {
        var (admins, customer) = (await nodes.AdminsAsync(app), await app.CustomerAsync());
        (await admins[0].Post($"{customer.Url}add_loyalty_points/", new { points = 100 })).Expect(200);
        var entry = (long)(await admins[0].Post($"{customer.Url}redeem_loyalty_points/", new { points = 60, reason = "Race" })).Expect(200)["entry_id"];

        var answers = await Crowd.AtOnceAsync(12, client => admins[client % 2].Post($"{customer.Url}loyalty/entries/{entry}/reverse/"));

        Assert.Equal(1, answers.Count(answer => (int)answer.Status == 200));
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => answer.ExpectProblem(409));
        Assert.Equal(100, (long)(await customer.Get($"{customer.Url}loyalty/")).Expect(200)["available"]);
    }

    private static Task<Call> RedeemAsync(Actor admin, Actor customer, long points) =>
        RecordAsync(-points, () => admin.Post($"{customer.Url}redeem_loyalty_points/", new { points, reason = "Race" }));

    private static Task<Call> AdjustAsync(Actor admin, Actor customer, long points) =>
        RecordAsync(points, () => admin.Post($"{customer.Url}add_loyalty_points/", new { points, reason = "Race" }));

    private static async Task<Call> RecordAsync(long change, Func<Task<Answer>> send)
    {
        var sent = Stopwatch.GetTimestamp();
        var answer = await send();
        var answered = Stopwatch.GetTimestamp();
        return (int)answer.Status == 409
            ? new Call(sent, answered, change, CallResult.Refused)
            : new Call(sent, answered, change, CallResult.Done, (long)answer.Expect(200)["new_balance"]);
    }
}

/// <summary>Two nodes over the database of the app that all tests share.</summary>
public sealed class TwoNodes : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _nodes = [];
    private readonly SemaphoreSlim _starting = new(1);
    private Actor[] _admins = [];

    /// <summary>An admin on each node; the first caller starts the nodes.</summary>
    public async Task<IReadOnlyList<Actor>> AdminsAsync(ClienteleApp app)
    {
        await _starting.WaitAsync();
        try
        {
            if (_admins.Length == 0)
            {
                _admins = await StartAsync(await app.AdminAsync(), app);
            }

            return _admins;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<Actor[]> StartAsync(Actor admin, ClienteleApp app)
    {
        if (TestDatabase.Kind is DatabaseKind.Sqlite)
        {
            var other = await app.SecondNodeAsync();
            _nodes.Add(other);
            return [admin, other.Here(admin)];
        }

        var servers = await Task.WhenAll(ServerProcess.ServeAsync(app.Database.ConnectionString), ServerProcess.ServeAsync(app.Database.ConnectionString));
        _nodes.AddRange(servers);
        return [.. servers.Select(server => new Actor(server.Client) { Id = admin.Id, Access = admin.Access })];
    }
}
