using System.Globalization;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>An account with one client. The client knows every entry, except that of the one call without a response.</summary>
internal sealed class CrashAccount(long id, ModelProgramme programme, Random chance)
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ModelAccount _model = new(programme);
    private readonly Dictionary<string, int> _revisions = [];
    private readonly Dictionary<string, long> _redeemed = [];
    private IReadOnlyList<ModelEntry> _before = [];
    private Step? _open;
    private int _steps;

    private string Url => $"/api/customers/customers/{id}/";

    /// <summary>Makes a random call; until it gets a response, it is open.</summary>
    public async Task StepAsync(Actor admin)
    {
        _open = Draw();
        _before = [.. _model.Entries];
        Assert.True(_open.Apply(_model, Now), $"{_open} cannot be refused.");
        await SendAsync(admin, _open);
        _open = null;
    }

    /// <summary>Compares the account with the model: the open call is there completely or not at all, and after a retry it is there once.</summary>
    public async Task ExpectWholeAsync(Actor admin)
    {
        var found = await NewestAsync(admin);
        if (_open is not null)
        {
            Assert.True(
                Same(_before, found) || Same(_model.Entries, found),
                $"{_open} of {Url} is half there:\n{string.Join('\n', found)}\nThe model had\n{string.Join('\n', _model.Entries.TakeLast(5))}");
            await SendAsync(admin, _open);
            _open = null;
            found = await NewestAsync(admin);
        }

        Assert.True(Same(_model.Entries, found), $"{Url} has\n{string.Join('\n', found)}\nThe model has\n{string.Join('\n', _model.Entries.TakeLast(5))}");
        var account = (await admin.Get($"{Url}loyalty/")).Expect(200);
        Assert.Equal((_model.Available, 0, _model.Debt), ((long)account["available"], (int)account["pending"], (long)account["debt"]));
        Assert.Equal(_model.Spent, decimal.Parse((string)(await admin.Get($"{Url}stats/")).Expect(200)["total_spent"]!, CultureInfo.InvariantCulture));
    }

    private async Task SendAsync(Actor admin, Step step)
    {
        var key = ("Idempotency-Key", $"{id} {step.Name}");
        var answer = step switch
        {
            Delivery { Revision: var revision } => await admin.Put($"/api/orders/{id}-{revision.Order}/", LedgerReading.Order(revision, id, null, Now)),
            Adjustment adjustment => await admin.Post($"{Url}add_loyalty_points/", new { points = adjustment.Points }, key),
            Redemption redemption => await admin.Post($"{Url}redeem_loyalty_points/", new { points = redemption.Points, reason = "Crash" }, key),
            GivingBack back => await admin.Post($"{Url}loyalty/entries/{_redeemed[back.Redemption]}/reverse/", null, key),
            _ => throw new InvalidOperationException($"Nobody sends {step}."),
        };
        Assert.True((int)answer.Status is 200 or 201, $"{step} answered {(int)answer.Status} {answer.Text}");
        switch (step)
        {
            case Redemption:
                _redeemed[step.Name] = (long)answer["entry_id"];
                Assert.Equal(_model.Available, (long)answer["new_balance"]);
                break;
            case Adjustment:
                Assert.Equal(_model.Available, (long)answer["new_balance"]);
                break;
            case GivingBack back:
                _redeemed.Remove(back.Redemption);
                break;
        }
    }

    /// <summary>Only calls that cannot be refused, so that every call leaves a trace.</summary>
    private Step Draw()
    {
        var name = $"{_steps++}";
        switch (chance.Next(10))
        {
            case 0 or 1 when _model.Available > 0:
                return new Redemption(name, chance.Next(1, (int)_model.Available + 1));
            case 2 when _model.Available > 0:
                return new Adjustment(name, -chance.Next(1, (int)_model.Available + 1));
            case 3 or 4 when _redeemed.Count > 0:
                return new GivingBack(name, _redeemed.Keys.ElementAt(chance.Next(_redeemed.Count)));
            case 5:
                return new Adjustment(name, chance.Next(1, 300));
            default:
                // A new order, or a refund, a cancellation or an increase of a known one.
                var order = $"o{chance.Next(_revisions.Count + 1)}";
                var revision = _revisions[order] = _revisions.GetValueOrDefault(order) + 1;
                return new Delivery(name, ModelHistory.Revisions(chance, order).First() with { Revision = revision });
        }
    }

    /// <summary>The newest entries of the account, oldest first.</summary>
    private async Task<IReadOnlyList<ModelEntry>> NewestAsync(Actor admin) =>
        LedgerReading.Entries((await admin.Get($"{Url}loyalty/entries/?page_size=100")).Expect(200));

    private static bool Same(IReadOnlyList<ModelEntry> expected, IReadOnlyList<ModelEntry> found) =>
        expected.TakeLast(found.Count).SequenceEqual(found) && (found.Count >= 100 || found.Count == expected.Count);
}

/// <summary>An account with many clients, who together know what must be there: everything acknowledged, and some of the rest.</summary>
internal sealed class SharedAccount
{
    private const long Plenty = 1_000_000;

    private readonly List<(string Key, long Change)> _open = [];
    private readonly Lock _lock = new();
    private readonly long _id;
    private long _balance;

    private SharedAccount(long id) => _id = id;

    private string Url => $"/api/customers/customers/{_id}/";

    public static async Task<SharedAccount> OpenAsync(Actor admin, long id)
    {
        var account = new SharedAccount(id) { _balance = Plenty };
        (await admin.Post($"{account.Url}add_loyalty_points/", new { points = Plenty })).Expect(200);
        return account;
    }

    public async Task StepAsync(Actor admin, Random chance)
    {
        var change = (Key: Guid.NewGuid().ToString(), Change: (long)(chance.Next(2) == 0 ? chance.Next(1, 100) : -chance.Next(1, 100)));
        lock (_lock)
        {
            _open.Add(change);
        }

        await SendAsync(admin, change);
    }

    public async Task ExpectWholeAsync(Actor admin)
    {
        // Each call without a response has happened or not.
        var possible = _open.Aggregate(new HashSet<long> { _balance }, (sums, open) => [.. sums, .. sums.Select(sum => sum + open.Change)]);
        Assert.Contains(await AvailableAsync(admin), possible);
        foreach (var change in _open.ToArray())
        {
            await SendAsync(admin, change);
        }

        Assert.Equal(_balance, await AvailableAsync(admin));
    }

    private async Task SendAsync(Actor admin, (string Key, long Change) change)
    {
        var path = change.Change > 0 ? "add_loyalty_points" : "redeem_loyalty_points";
        (await admin.Post($"{Url}{path}/", new { points = Math.Abs(change.Change), reason = "Crash" }, ("Idempotency-Key", change.Key))).Expect(200);
        lock (_lock)
        {
            _open.Remove(change);
            _balance += change.Change;
        }
    }

    private async Task<long> AvailableAsync(Actor admin) => (long)(await admin.Get($"{Url}loyalty/")).Expect(200)["available"];
}
