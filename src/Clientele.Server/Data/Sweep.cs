namespace Clientele.Server.Data;

/// <summary>
/// How far an <see cref="ISweep"/> is. One node at a time does the work, under a <see cref="Lease"/>, and the next one continues where it stopped.
/// </summary>
[Table("sweeps", TableClass.Local)]
[PrimaryKey(nameof(Name))]
internal sealed class Sweep
{
    public const string Tiers = "tiers";
    public const string Points = "points";

    /// <summary>How many ids a step covers, however few of them need work, so that no statement takes long.</summary>
    public const int Stretch = 50_000;
    private static readonly TimeSpan Leased = TimeSpan.FromMinutes(2);

    public required string Name { get; init; }

    /// <summary>The fingerprint that the work is, or was, for.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The id of the last customer that is done.</summary>
    public required long Position { get; init; }

    public required bool IsDone { get; init; }

    /// <summary>The lease of nodes of earlier releases, which do not know the table of leases.</summary>
    public required DateTime ClaimedUntil { get; init; }

    public static Task<bool> IsDoneAsync(ClienteleDb db, string name, string fingerprint, CancellationToken cancellationToken) =>
        db.Sweeps.AnyAsync(s => s.Name == name && s.Fingerprint == fingerprint && s.IsDone, cancellationToken);

    /// <summary>Takes the lease of the work and returns where to begin; null if another holder has it or nothing is left.</summary>
    public static async Task<long?> ClaimAsync(
        ClienteleDb db, string name, string fingerprint, string holder, DateTime now, CancellationToken cancellationToken)
    {
        if (!await Lease.TryTakeAsync(db, LeaseOf(name), holder, now, now + Leased, cancellationToken))
        {
            return null;
        }

        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO sweeps (name, fingerprint, position, is_done, claimed_until) VALUES ({name}, {fingerprint}, 0, {false}, {now})
             ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint, position = excluded.position, is_done = excluded.is_done
             WHERE sweeps.fingerprint <> excluded.fingerprint
             """,
            cancellationToken);
        return await db.Sweeps.Where(s => s.Name == name && !s.IsDone).Select(s => (long?)s.Position).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Where a step ends, given the customers that it found in the stretch after an id; null if that was the last stretch.</summary>
    public static long? Next(long after, List<long> found, int most, long last) =>
        found.Count == most ? found[^1] : after + Stretch < last ? after + Stretch : null;

    /// <summary>
    /// Stores the new position and extends the lease, in the transaction of the work. Returns false if another node has taken over: the transaction
    /// must then not be committed.
    /// </summary>
    public static async Task<bool> AdvanceAsync(
        ClienteleDb db, string name, string fingerprint, string holder, long from, long? to, DateTime now, CancellationToken cancellationToken) =>
        await db.Sweeps.Where(s => s.Name == name && s.Fingerprint == fingerprint && s.Position == from && !s.IsDone)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Position, to ?? from).SetProperty(s => s.IsDone, to == null), cancellationToken) == 1
        && await (to is null
            ? Lease.TryEndAsync(db, LeaseOf(name), holder, cancellationToken)
            : Lease.TryExtendAsync(db, LeaseOf(name), holder, now + Leased, cancellationToken));

    private static string LeaseOf(string name) => $"sweep:{name}";
}
