namespace Clientele.Server.Data;

/// <summary>A running count, so that rows need not be counted. It has several shards, so that writers do not wait for each other.</summary>
[Table("counters", TableClass.Local)]
[PrimaryKey(nameof(Name), nameof(Shard))]
internal sealed class Counter
{
    public const string CustomersName = "customers";
    public const string ActiveAdmins = "active_admins";
    private const int Shards = 16;

    /// <summary>The value of the counter @counter.</summary>
    public const string Sum = "SELECT CAST(coalesce(sum(value), 0) AS bigint) FROM counters WHERE name = @counter";

    private static readonly ReadBatch Alone = new(Sum);

    public required string Name { get; init; }

    public required int Shard { get; init; }

    public required long Value { get; init; }

    /// <summary>Adds to a counter in the caller's transaction. Rows with different ids use different shards.</summary>
    public static Task<int> AddAsync(ClienteleDb db, string name, long id, int delta, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO counters (name, shard, value) VALUES ({name}, {(int)(id % Shards)}, {delta})
             ON CONFLICT (name, shard) DO UPDATE SET value = counters.value + excluded.value
             """,
            cancellationToken);

    /// <summary>Counts one more, unless there are so many already. The counter's row decides, however many requests there are at once.</summary>
    public static async Task<bool> TryAddAsync(ClienteleDb db, string name, int most, CancellationToken cancellationToken) =>
        most > 0 && await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO counters (name, shard, value) VALUES ({name}, 0, 1)
             ON CONFLICT (name, shard) DO UPDATE SET value = counters.value + 1 WHERE counters.value < {most}
             """,
            cancellationToken) == 1;

    /// <summary>Counts one more active admin.</summary>
    public static Task<int> AddAdminAsync(ClienteleDb db, CancellationToken cancellationToken) =>
        AddAsync(db, ActiveAdmins, 0, 1, cancellationToken);

    /// <summary>Counts one active admin less, unless it is the last one. The counter's row decides, however many requests there are at once.</summary>
    public static async Task<bool> TryRemoveAdminAsync(ClienteleDb db, CancellationToken cancellationToken) =>
        await db.Counters.Where(c => c.Name == ActiveAdmins && c.Shard == 0 && c.Value > 1)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Value, c => c.Value - 1), cancellationToken) == 1;

    public static async Task<long> ReadAsync(ClienteleDb db, string name, CancellationToken cancellationToken)
    {
        await using var results = await Alone.SendAsync(db, cancellationToken, ("@counter", name));
        return await results.FirstAsync(row => row.Long());
    }
}
