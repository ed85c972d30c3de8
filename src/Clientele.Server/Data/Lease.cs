namespace Clientele.Server.Data;

/// <summary>
/// The right to do some work until an instant, so that one of many nodes does it. Each is taken by a conditional update that no other node can repeat.
/// If the node dies, the work is free again after that instant. Work with a name has a row here; the rows of a queue have the instant in themselves.
/// All of these instants, and the now that they are compared with, are those of <see cref="DatabaseClock"/>.
/// </summary>
[Table("leases", TableClass.Local)]
[PrimaryKey(nameof(Name))]
internal sealed class Lease
{
    private const int Tries = 6;

    public required string Name { get; init; }

    /// <summary>The node that has the lease, or one run of the work: <see cref="NewHolder"/>.</summary>
    public required string Holder { get; init; }

    public required DateTime Until { get; init; }

    /// <summary>
    /// A lease that ends later than this does not count: no clock could have set it now. It comes from a clock that was ahead, and the work would wait
    /// until then.
    /// </summary>
    /// <param name="until">The end of a lease that is taken now.</param>
    public static DateTime Latest(DateTime until) => until + Clock.MostSkew;

    public static string NewHolder() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Takes the lease. Its holder can take it again, which extends it. Returns false if another holder has it.</summary>
    public static async Task<bool> TryTakeAsync(
        ClienteleDb db, string name, string holder, DateTime now, DateTime until, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO leases (name, holder, until) VALUES ({name}, {holder}, {until})
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE leases.holder = excluded.holder OR leases.until <= {now} OR leases.until > {Latest(until)}
             """,
            cancellationToken) == 1;

    /// <summary>
    /// Extends the lease if nobody has taken it over, even if it has expired. Runs in the transaction of the work: if it returns false, another holder
    /// does the work, and the transaction must not be committed.
    /// </summary>
    public static async Task<bool> TryExtendAsync(ClienteleDb db, string name, string holder, DateTime until, CancellationToken cancellationToken) =>
        await db.Leases.Where(l => l.Name == name && l.Holder == holder)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Until, until), cancellationToken) == 1;

    /// <summary>Gives the lease back when the work is done. Like <see cref="TryExtendAsync"/>, returns false if another holder has taken it over.</summary>
    public static async Task<bool> TryEndAsync(ClienteleDb db, string name, string holder, CancellationToken cancellationToken) =>
        await db.Leases.Where(l => l.Name == name && l.Holder == holder).ExecuteDeleteAsync(cancellationToken) == 1;

    /// <summary>
    /// Claims a batch of the oldest items of a queue and returns what was claimed. A node that has lost n batches to other nodes chooses among n + 1
    /// batches, so that not all nodes go on to the same one.
    /// </summary>
    /// <param name="isAny">Returns whether there is anything to claim: if not, nothing is written.</param>
    /// <param name="claim">Claims a batch after skipping this number of the oldest items.</param>
    /// <param name="most">The maximum size of a batch.</param>
    public static async Task<List<T>> ClaimAsync<T>(Func<Task<bool>> isAny, Func<int, Task<List<T>>> claim, int most)
    {
        for (var lost = 0; lost < Tries && await isAny(); lost++)
        {
            try
            {
                var won = await claim(RandomNumberGenerator.GetInt32(lost + 1) * most);
                if (won.Count > 0)
                {
                    return won;
                }
            }
            catch (Exception failure) when (Database.IsDeadlock(failure))
            {
                // Two nodes updated the same rows in different order. The other node has the rows now.
            }
        }

        return [];
    }
}
