using Clientele.Server.Operations;

namespace Clientele.Server.Loyalty;

/// <summary>Compares tiers with their intervals, with what the customers have spent, and with the ends of their locks.</summary>
internal sealed class TierCheck(ClienteleDb db, IOptions<Programme> programme, TimeProvider clock) : ICheck
{
    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        await findings.AddAsync(
            "customers whose last tier interval does not match their tier",
            db.Customers.Where(c => !db.TierIntervals.Any(i => i.CustomerId == c.Id && i.Sequence == c.TierChanges && i.Tier == c.LoyaltyTier))
                .Select(c => c.Id),
            cancellationToken);
        if (programme.Value.Downgrade == Downgrade.Never || !await Sweep.IsDoneAsync(db, Sweep.Tiers, programme.Value.Fingerprint(), cancellationToken))
        {
            return;
        }

        var now = clock.Now();
        var ladder = programme.Value.Ladder;
        for (var i = 0; i < ladder.Count; i++)
        {
            var tier = ladder[i].Name;
            var (from, below) = ((long)(ladder[i].From * 100), i + 1 < ladder.Count ? (long)(ladder[i + 1].From * 100) : long.MaxValue);
            await findings.AddAsync(
                $"customers of tier {tier} who have spent too little or too much for it",
                db.Customers.Where(c => c.LoyaltyTier == tier && !c.TierLocked
                    && (c.TotalSpent < from || c.TotalSpent >= below) && (i > 0 || c.TotalSpent >= below)).Select(c => c.Id),
                cancellationToken);
        }

        await findings.AddAsync(
            "customers whose tier lock ended more than an hour ago",
            db.Customers.Where(c => c.TierLockedUntil < now.AddHours(-1)).Select(c => c.Id),
            cancellationToken);
    }
}
