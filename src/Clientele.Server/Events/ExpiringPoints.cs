using Clientele.Server.Loyalty;

namespace Clientele.Server.Events;

/// <summary>
/// Tells which points are going to expire, some days before. A round covers the points whose day has come since the last one, customer by customer. The
/// first round of all only marks where to begin.
/// </summary>
internal sealed class ExpiringPoints(ClienteleDb db, Transaction transaction, EventLog events, IOptions<EventSettings> settings, TimeProvider clock)
    : IMaintenance
{
    private const int BatchSize = 100;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int[] days = [settings.Value.ExpiringDays, settings.Value.ExpiringAgainDays];
        foreach (var before in days.Where(before => before > 0).Distinct())
        {
            var goesOn = true;
            while (goesOn)
            {
                await transaction.RunAsync(
                    async () =>
                    {
                        // The last step is committed, too, because it moves the mark.
                        goesOn = await TellAsync(before, cancellationToken);
                    },
                    cancellationToken);
            }
        }
    }

    /// <summary>Tells it to some customers. Returns whether there are more in this round.</summary>
    private async Task<bool> TellAsync(int days, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"expiring:{days}");
        var now = clock.Now().AddDays(days).Ticks;
        var mark = await EventMark.LockAsync(db, name, now, cancellationToken);
        var target = mark.Target > mark.Value ? mark.Target : now;
        var (from, to) = (new DateTime(mark.Value, DateTimeKind.Utc), new DateTime(target, DateTimeKind.Utc));
        if (to <= from)
        {
            return false;
        }

        var ids = await db.PointsLots.TagWith("scatter: points that expire soon")
            .Where(l => l.State != PointsLotState.Closed && l.ExpiresAt > from && l.ExpiresAt <= to && l.CustomerId > mark.CustomerId)
            .Select(l => l.CustomerId).Distinct().OrderBy(id => id).Take(BatchSize).ToListAsync(cancellationToken);
        if (ids.Count < BatchSize)
        {
            await EventMark.SetAsync(db, name, target, cancellationToken);
        }
        else
        {
            await EventMark.SetAsync(db, name, mark.Value, cancellationToken, target, ids[^1]);
        }

        await TellAsync(ids, days, from, to, cancellationToken);
        return ids.Count == BatchSize;
    }

    private async Task TellAsync(List<long> ids, int days, DateTime from, DateTime to, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return;
        }

        // Read after the lock: the points may have been spent meanwhile.
        var customers = (await db.LockAllAsync<Customer>(ids, cancellationToken)).ToDictionary(customer => customer.Id);
        var lots = await db.PointsLots
            .Where(l => ids.Contains(l.CustomerId) && l.State != PointsLotState.Closed && l.ExpiresAt > from && l.ExpiresAt <= to)
            .OrderBy(l => l.ExpiresAt).ThenBy(l => l.EntryId).ToListAsync(cancellationToken);
        foreach (var lot in lots.Where(lot => customers.ContainsKey(lot.CustomerId)))
        {
            var data = new PointsExpiringData { EntryId = lot.EntryId, Points = lot.Rest, ExpiresAt = lot.ExpiresAt!.Value, Days = days };
            events.Add(db, customers[lot.CustomerId], EventKind.PointsExpiring, EventForm.Text(data));
        }
    }
}
