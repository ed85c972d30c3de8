using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>Points fall due while two nodes settle them and clients spend: each point is settled once.</summary>
public sealed class SettlingAtOnce
{
    private const int Customers = 30;
    private static readonly ModelProgramme Programme = new() { PendingDays = 14, ExpireAfterMonths = 1 };
    private static readonly DateTime PlacedAt = new(2025, 10, 15, 14, 30, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Every_lot_is_released_and_expires_once_on_two_nodes_amid_redemptions()
    {
        await using var app = await ClienteleApp.StartAsync(new() { Settings = LedgerWorld.Settings(Programme) });
        await using var other = await app.SecondNodeAsync();
        app.Clock.Stop();
        var first = await Population.TakeIdsAsync(app, Customers);
        var accounts = Enumerable.Range(0, Customers).Select(i => (Id: first + i, Model: new ModelAccount(Programme))).ToArray();
        await Population.InsertAsync(app, [.. accounts.Select(account => Person.Named(account.Id, $"due.{account.Id}", PlacedAt))]);
        var admin = await app.NewAdminAsync();
        var now = await GoAsync(DateTime.UnixEpoch.AddYears(LedgerWorld.LeapYear - 1970));
        var revisions = accounts.Select((account, i) => new ModelRevision("A", 1, "paid", 100 + i, 0, null)).ToArray();
        var orders = accounts.Zip(revisions).Select(due => LedgerReading.Order(due.Second, due.First.Id, $"{due.First.Id}", PlacedAt));
        (await admin.Post("/api/orders/batch/", new JsonObject { ["orders"] = new JsonArray([.. orders]) })).Expect(200);
        Assert.All(accounts.Zip(revisions), due => due.First.Model.Deliver(due.Second, now));

        now = await GoAsync(now.AddDays(14));
        var redemptions = Task.WhenAll(accounts.Select((account, i) =>
            (i % 2 == 0 ? admin : other.Here(admin)).Post($"{Url(account.Id)}redeem_loyalty_points/", new { points = 100, reason = "Due" })));
        await Task.WhenAll(app.MaintainAsync(), other.MaintainAsync(), redemptions);
        Assert.All(await redemptions, answer => answer.Expect(200));
        Assert.All(accounts, account => account.Model.Redeem("r", 100, now));

        now = await GoAsync(now.AddMonths(1));
        await Task.WhenAll(app.MaintainAsync(), other.MaintainAsync());

        foreach (var (id, model) in accounts)
        {
            model.Settle(now);
            Assert.Null(LedgerReading.Difference(model.Entries, await LedgerReading.EntriesAsync(admin, Url(id))));
            Assert.Equal(0, (long)(await admin.Get($"{Url(id)}loyalty/")).Expect(200)["available"]);
        }

        async Task<DateTime> GoAsync(DateTime instant)
        {
            app.Clock.AdvanceTo(instant);
            await app.Keys().LoadAsync(TestContext.Current.CancellationToken);
            await other.Keys().LoadAsync(TestContext.Current.CancellationToken);
            admin = await app.SignInAsync(admin.Username, admin.Password);
            return instant;
        }
    }

    private static string Url(long id) => $"/api/customers/customers/{id}/";
}
