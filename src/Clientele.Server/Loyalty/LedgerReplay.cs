using System.Globalization;

namespace Clientele.Server.Loyalty;

/// <summary>The points in a customer's row.</summary>
internal sealed record PointsHeld(long Available, long Pending, long Debt, long Entries, DateTime? DueAt);

/// <summary>Replays a customer's ledger from the beginning: entries create lots and take points from them, and lots add up to balances.</summary>
internal static class LedgerReplay
{
    /// <summary>Describes the first error; null if everything adds up.</summary>
    /// <param name="held">The stored points; null if the customer has been erased, and the lots and allocations as well.</param>
    /// <param name="entries">All entries, oldest first.</param>
    /// <param name="lots">All lots.</param>
    /// <param name="allocations">The points that the entries took from the lots.</param>
    public static string? Drift(
        PointsHeld? held, IReadOnlyList<PointsEntry> entries, IReadOnlyList<PointsLot> lots, IReadOnlyList<PointsAllocation> allocations)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Id != i + 1)
            {
                return $"entry {i + 1} of the ledger is missing";
            }
        }

        return held is null ? Erased(entries) : Kept(held, entries, lots, allocations);
    }

    private static string? Erased(IReadOnlyList<PointsEntry> entries)
    {
        var points = entries.Where(entry => entry.Kind != PointsEntryKind.Release).Sum(entry => entry.Points)
            + entries.Select(entry => entry.Debt).LastOrDefault();
        return points == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"was erased, and the ledger still has {points} points");
    }

    private static string? Kept(PointsHeld held, IReadOnlyList<PointsEntry> entries, IReadOnlyList<PointsLot> lots, IReadOnlyList<PointsAllocation> allocations)
    {
        var made = lots.ToDictionary(lot => lot.EntryId);
        var taken = allocations.ToLookup(allocation => allocation.EntryId);
        var rests = new Dictionary<long, (long Points, bool IsPending)>();
        var (available, pending, total, debt) = (0L, 0L, 0L, 0L);
        foreach (var entry in entries)
        {
            if (made.TryGetValue(entry.Id, out var lot))
            {
                rests[entry.Id] = (lot.Points, lot.AvailableAt is not null);
                (available, pending) = lot.AvailableAt is null ? (available + lot.Points, pending) : (available, pending + lot.Points);
            }

            if (entry.Kind == PointsEntryKind.Release)
            {
                var id = long.Parse(entry.SourceId, CultureInfo.InvariantCulture);
                if (!rests.TryGetValue(id, out var held1) || !held1.IsPending || held1.Points != entry.Points)
                {
                    return $"entry {entry.Id} of the ledger releases points that were not pending";
                }

                rests[id] = (entry.Points, false);
                (available, pending) = (available + entry.Points, pending - entry.Points);
            }
            else
            {
                total += entry.Points;
            }

            foreach (var allocation in taken[entry.Id])
            {
                if (!rests.TryGetValue(allocation.LotId, out var rest) || rest.Points < allocation.Points)
                {
                    return $"entry {entry.Id} of the ledger takes more from lot {allocation.LotId} than there was";
                }

                rests[allocation.LotId] = rest with { Points = rest.Points - allocation.Points };
                (available, pending) = rest.IsPending ? (available, pending - allocation.Points) : (available - allocation.Points, pending);
            }

            // The part of an entry's points that no lot provides or receives is debt.
            debt = available + pending - total;
            if (entry.Balance != available || entry.Debt != debt)
            {
                return Says($"entry {entry.Id} of the ledger has", (entry.Balance, pending, entry.Debt), (available, pending, debt));
            }
        }

        if (lots.FirstOrDefault(lot => !rests.TryGetValue(lot.EntryId, out var rest) || rest.Points != lot.Rest || StateOf(rest) != lot.State) is { } drifted)
        {
            return $"lot {drifted.EntryId} differs from what the ledger leaves of it";
        }

        if ((held.Available, held.Pending, held.Debt) != (available, pending, debt))
        {
            return Says("the customer has", (held.Available, held.Pending, held.Debt), (available, pending, debt));
        }

        return held.Entries != entries.Count ? $"the customer has {held.Entries} entries, and the ledger {entries.Count}"
            : held.DueAt != lots.Min(lot => lot.DueAt) ? "the customer's points are not due when the ledger says"
            : null;
    }

    private static PointsLotState StateOf((long Points, bool IsPending) rest) =>
        rest.Points == 0 ? PointsLotState.Closed : rest.IsPending ? PointsLotState.Pending : PointsLotState.Active;

    private static string Says(string who, (long Available, long Pending, long Debt) kept, (long Available, long Pending, long Debt) replayed) =>
        string.Create(CultureInfo.InvariantCulture, $"{who} {kept.Available} points available, {kept.Pending} pending and {kept.Debt} owed; ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"the ledger adds up to {replayed.Available}, {replayed.Pending} and {replayed.Debt}");
}
