namespace Clientele.Server.Events;

/// <summary>How far some work on events is. Its row is also the lock of the work.</summary>
[Table("event_marks", TableClass.Local)]
[PrimaryKey(nameof(Name))]
internal sealed class EventMark
{
    /// <summary>The last position that was assigned.</summary>
    public const string Positions = "positions";

    /// <summary>The last position that was deleted because its event is too old.</summary>
    public const string Deleted = "deleted";

    public required string Name { get; init; }

    public required long Value { get; init; }

    /// <summary>The value that the current round of the work is going to reach; as much as <see cref="Value"/> between two rounds.</summary>
    public required long Target { get; init; }

    /// <summary>The last customer that the round is done with.</summary>
    public required long CustomerId { get; init; }

    /// <summary>Locks the mark until the transaction ends, and returns it. If it does not exist yet, it begins with this value.</summary>
    public static async Task<EventMark> LockAsync(ClienteleDb db, string name, long first, CancellationToken cancellationToken) =>
        (await db.EventMarks.FromSql(
            $"""
             INSERT INTO event_marks (name, value, target, customer_id) VALUES ({name}, {first}, {first}, 0)
             ON CONFLICT (name) DO UPDATE SET value = event_marks.value
             RETURNING name, value, target, customer_id
             """).ToListAsync(cancellationToken))[0];

    /// <summary>Stores how far the work is. The mark must be locked.</summary>
    public static Task SetAsync(
        ClienteleDb db, string name, long value, CancellationToken cancellationToken, long? target = null, long customerId = 0)
    {
        var end = target ?? value;
        return db.EventMarks.Where(m => m.Name == name).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.Value, value).SetProperty(m => m.Target, end).SetProperty(m => m.CustomerId, customerId), cancellationToken);
    }

    /// <summary>The value of a mark; 0 if it does not exist yet.</summary>
    public static Task<long> ReadAsync(ClienteleDb db, string name, CancellationToken cancellationToken) =>
        db.EventMarks.Where(m => m.Name == name).Select(m => m.Value).SingleOrDefaultAsync(cancellationToken);
}
