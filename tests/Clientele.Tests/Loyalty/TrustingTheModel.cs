namespace Clientele.Tests.Loyalty;

/// <summary>Tests the model itself, with examples computed by hand.</summary>
[Trait("Database", "Any")]
public sealed class TrustingTheModel
{
    private static readonly DateTime Now = new(2027, 11, 30, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_partial_refund_takes_back_the_difference_of_the_floors()
    {
        var account = new ModelAccount(new() { PointsPerUnit = 1.5m });
        account.Deliver(Order(1, 100.00m), Now);
        Assert.Equal(150, account.Available);

        // 66.67 × 1.5 is 100.005.
        account.Deliver(Order(2, 100.00m, 33.33m), Now);
        Assert.Equal(100, account.Available);

        account.Deliver(Order(3, 100.00m, 100.00m), Now);
        Assert.Equal((0, 0), (account.Available, account.Debt));
    }

    [Fact]
    public void What_has_been_spent_of_a_cancelled_order_is_a_debt_that_later_points_repay()
    {
        var account = new ModelAccount(ModelProgramme.Default);
        account.Deliver(Order(1, 100), Now);
        Assert.True(account.Redeem("r", 70, Now));
        account.Deliver(Order(2, 100, status: "cancelled"), Now);
        Assert.Equal((0, 70), (account.Available, account.Debt));

        account.Adjust(100, Now);
        Assert.Equal((30, 0), (account.Available, account.Debt));
    }

    [Fact]
    public void The_multiplier_is_that_of_the_tier_before_the_order_and_stays()
    {
        var account = new ModelAccount(new() { Tiers = [("low", 0, 1), ("high", 100, 2)] });
        account.Deliver(Order(1, 100) with { Order = "A" }, Now);
        account.Deliver(Order(1, 10) with { Order = "B" }, Now);
        Assert.Equal(100 + 20, account.Available);

        account.Deliver(Order(2, 1000) with { Order = "A" }, Now);
        account.Deliver(Order(2, 15) with { Order = "B" }, Now);
        Assert.Equal(1000 + 30, account.Available);
    }

    [Fact]
    public void Three_months_after_30_November_is_29_February()
    {
        var account = new ModelAccount(new() { ExpireAfterMonths = 3 });
        account.Deliver(Order(1, 100), Now);
        Assert.Equal(new DateTime(2028, 2, 29, 12, 0, 0, DateTimeKind.Utc), account.Entries.Single().ExpiresAt);

        account.Settle(new DateTime(2028, 2, 29, 11, 59, 59, DateTimeKind.Utc));
        Assert.Equal(100, account.Available);

        account.Settle(new DateTime(2028, 2, 29, 12, 0, 0, DateTimeKind.Utc));
        Assert.Equal(0, account.Available);
    }

    [Fact]
    public void Spending_takes_what_expires_soonest()
    {
        var account = new ModelAccount(new() { ExpireAfterMonths = 1 });
        account.Deliver(Order(1, 100) with { Order = "A" }, Now);
        account.Deliver(Order(1, 100) with { Order = "B" }, Now.AddDays(10));
        account.Redeem("r", 60, Now.AddDays(11));
        account.Settle(Now.AddDays(31));
        Assert.Equal(100, account.Available);
    }

    [Fact]
    public void Pending_points_cannot_be_spent_before_their_day()
    {
        var account = new ModelAccount(new() { PendingDays = 14 });
        account.Deliver(Order(1, 100), Now);
        Assert.False(account.Redeem("r", 1, Now.AddDays(13)));
        Assert.True(account.Redeem("r", 1, Now.AddDays(14)));
    }

    [Fact]
    public void What_has_expired_of_a_cancelled_order_is_forgiven()
    {
        var account = new ModelAccount(new() { ExpireAfterMonths = 1 });
        account.Deliver(Order(1, 100), Now);
        account.Redeem("r", 30, Now);
        account.Deliver(Order(2, 100, status: "cancelled"), Now.AddMonths(2));
        Assert.Equal((0, 30), (account.Available, account.Debt));
    }

    [Fact]
    public void A_redemption_given_back_to_an_expired_lot_expires_at_once()
    {
        var account = new ModelAccount(new() { ExpireAfterMonths = 1 });
        account.Deliver(Order(1, 100), Now);
        account.Redeem("r", 30, Now);
        Assert.True(account.GiveBack("r", Now.AddMonths(2)));
        Assert.Equal(0, account.Available);
        Assert.Equal(["earn", "redeem", "expire", "reverse", "expire"], account.Entries.Select(entry => entry.Kind));
        Assert.False(account.GiveBack("r", Now.AddMonths(2)));
    }

    [Fact]
    public void In_random_histories_the_entries_add_up_and_everything_happens_often()
    {
        var (chance, programme, kinds, debts, refused) = (new Random(1), EndingWhereTheModelEnds.Elaborate, new List<string>(), 0, 0);
        for (var i = 0; i < 300; i++)
        {
            var timetable = Timetable.Draw(chance, programme, 2028);
            var (history, account) = (ModelHistory.Draw(chance, programme, timetable), new ModelAccount(programme));
            foreach (var ((now, _), steps) in timetable.Rounds.Zip(history.Rounds))
            {
                refused += steps.Count(step => !step.Apply(account, now) && step is Redemption);
                Assert.Equal(
                    account.Entries.Where(entry => entry.Kind != "release").Sum(entry => entry.Points),
                    account.Available + account.Pending - account.Debt);
                Assert.True(account.Debt == 0 || account.Available == 0, "Who is in debt has nothing to spend.");
            }

            debts += account.Entries.Any(entry => entry.Debt > 0) ? 1 : 0;
            kinds.AddRange(account.Entries.Select(entry => entry.Kind));
        }

        Assert.Equal(["adjust", "earn", "expire", "redeem", "release", "reverse"], kinds.Distinct().Order());
        Assert.All(kinds.CountBy(kind => kind), kind => Assert.InRange(kind.Value, 100, int.MaxValue));
        Assert.InRange(debts, 30, 270);
        Assert.InRange(refused, 100, 10_000);
    }

    private static ModelRevision Order(int revision, decimal total, decimal refunded = 0, string status = "paid") =>
        new("A", revision, status, total, refunded, null);
}
