namespace Clientele.Server.Loyalty;

/// <summary>The points in a customer's row.</summary>
internal sealed record PointsHeld(long Available, long Pending, long Debt, long Entries, DateTime? DueAt);

/// <summary>Replays a customer's ledger from the beginning: entries create lots and take points from them, and lots add up to balances.</summary>
internal static class LedgerReplay
{
    /// <summary>Describes the first error; null if everything adds up.</summary>
    /// <param name="held">The stored points; null if the customer has been erased, and the lots and allocations as well.</param>
    /// <param name="entries">All entries, oldest first.</param>
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

    private static string? Kept(
        PointsHeld held, IReadOnlyList<PointsEntry> entries, IReadOnlyList<PointsLot> lots, IReadOnlyList<PointsAllocation> allocations)
    {
        var made = lots.ToDictionary(lot => lot.EntryId);
        var taken = allocations.ToLookup(allocation => allocation.EntryId);
        var replay = new Replay();
        foreach (var entry in entries)
        {
            if (replay.Apply(entry, made, taken[entry.Id]) is { } fault)
            {
                return fault;
            }
        }

        if (lots.FirstOrDefault(lot => !replay.Rests.TryGetValue(lot.EntryId, out var rest) || rest.Points != lot.Rest || StateOf(rest) != lot.State)
            is { } drifted)
        {
            return $"lot {drifted.EntryId} differs from what the ledger leaves of it";
        }

        var kept = (held.Available, held.Pending, held.Debt);
        return kept != replay.Points ? Says("the customer has", kept, replay.Points)
            : held.Entries != entries.Count ? $"the customer has {held.Entries} entries, and the ledger {entries.Count}"
            : held.DueAt != lots.Min(lot => lot.DueAt) ? "the customer's points are not due when the ledger says"
            : null;
    }

    private static PointsLotState StateOf((long Points, bool IsPending) rest) =>
        rest.Points == 0 ? PointsLotState.Closed : rest.IsPending ? PointsLotState.Pending : PointsLotState.Active;

    private static string Says(string who, (long Available, long Pending, long Debt) kept, (long Available, long Pending, long Debt) replayed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{who} {kept.Available} points available, {kept.Pending} pending and {kept.Debt} owed; "
            + $"the ledger adds up to {replayed.Available}, {replayed.Pending} and {replayed.Debt}");

    /// <summary>What the entries so far have made of the lots.</summary>
    private sealed class Replay
    {
        private long _available;
        private long _pending;
        private long _total;

        public Dictionary<long, (long Points, bool IsPending)> Rests { get; } = [];

        /// <summary>The part of an entry's points that no lot provides or receives is debt.</summary>
        public (long Available, long Pending, long Debt) Points => (_available, _pending, _available + _pending - _total);

        /// <summary>Returns the error, if there is one.</summary>
        public string? Apply(PointsEntry entry, Dictionary<long, PointsLot> lots, IEnumerable<PointsAllocation> allocations)
        {
            if (lots.TryGetValue(entry.Id, out var lot))
            {
                Add(entry.Id, lot.Points, isPending: lot.AvailableAt is not null);
            }

            if (entry.Kind != PointsEntryKind.Release)
            {
                _total += entry.Points;
            }
            else if (!TryRelease(long.Parse(entry.SourceId, CultureInfo.InvariantCulture), entry.Points))
            {
                return $"entry {entry.Id} of the ledger releases points that were not pending";
            }

            foreach (var allocation in allocations)
            {
                if (!Rests.TryGetValue(allocation.LotId, out var rest) || rest.Points < allocation.Points)
                {
                    return $"entry {entry.Id} of the ledger takes more from lot {allocation.LotId} than there was";
                }

                // Points can return to a lot that had nothing left when it should have been released.
                var isBackInEmpty = allocation.Points < 0 && rest.Points == 0;
                Add(allocation.LotId, -allocation.Points, isBackInEmpty ? lots[allocation.LotId].AvailableAt > entry.CreatedAt : rest.IsPending);
            }

            return entry.Balance != Points.Available || entry.Debt != Points.Debt
                ? Says($"entry {entry.Id} of the ledger has", (entry.Balance, _pending, entry.Debt), Points)
                : null;
        }

        private bool TryRelease(long lot, long points)
        {
            if (!Rests.TryGetValue(lot, out var rest) || !rest.IsPending || rest.Points != points)
            {
                return false;
            }

            Add(lot, -points, isPending: true);
            Add(lot, points, isPending: false);
            return true;
        }

        private void Add(long lot, long points, bool isPending)
        {
            Rests[lot] = (Rests.GetValueOrDefault(lot).Points + points, isPending);
            (_available, _pending) = isPending ? (_available, _pending + points) : (_available + points, _pending);
        }
    }
}
