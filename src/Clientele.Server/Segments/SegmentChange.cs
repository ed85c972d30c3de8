using Clientele.Server.Groups;
using Clientele.Server.Rules;

namespace Clientele.Server.Segments;

/// <summary>
/// The durable queue: customers whose data has changed and who have not been evaluated since. Every writer adds a row in its own transaction and
/// never touches those of another, so nobody waits and no change is lost. Rows remain when the customer is deleted. In this folder a change is always
/// one of a customer's data; customers enter and leave groups, and admins decide.
/// </summary>
[Table("segment_changes", TableClass.Owned)]
[PrimaryKey(nameof(CustomerId), nameof(Id), nameof(GroupId))]
[Index(nameof(Id))]
internal sealed class SegmentChange
{
    /// <summary>As <see cref="GroupId"/>: all groups whose rules read what has changed.</summary>
    public const long AllGroups = 0;

    public required long CustomerId { get; init; }

    /// <summary>The id of the writing transaction, roughly in the order of time.</summary>
    public required long Id { get; init; }

    /// <summary>The one group to evaluate; <see cref="AllGroups"/> for all groups whose rules read what has changed.</summary>
    public required long GroupId { get; init; }

    public required Facets Facets { get; set; }

    public required Cause Cause { get; set; }

    public required DateTime QueuedAt { get; init; }

    /// <summary>Until then a worker holds the lease.</summary>
    public required DateTime ClaimedUntil { get; init; }

    /// <summary>
    /// Whether the change can affect who is in a group. A customer who is new or deleted, or became active or inactive, affects all groups, whatever
    /// their rules read.
    /// </summary>
    public bool Concerns(LiveSegment segment) => GroupId == segment.GroupId
        || (GroupId == AllGroups && ((Facets & Facets.IsActive) != 0 || (segment.Rule is { } rule && (rule.Reads & Facets) != 0)));

    /// <summary>
    /// Leases the oldest queued changes, after skipping <paramref name="skip"/> older ones. Changes for a single group that is being built are left
    /// out. No other worker gets the changes before the lease ends: the condition is in the inner SELECT and in the UPDATE, so that a worker that
    /// waited for a row finds it already taken. With distributed tables, keys travel to the coordinator and back, and the claimed rows to the node.
    /// </summary>
    public static Task<List<SegmentChange>> ClaimAsync(
        ClienteleDb db, DateTime now, DateTime until, long[] building, int skip, int most, CancellationToken cancellationToken)
    {
        var notBuilding = string.Concat(building.Select(group => string.Create(CultureInfo.InvariantCulture, $" AND group_id <> {group}")));
        var sql =
            $$"""
              -- scatter: the oldest changes of the queue
              UPDATE segment_changes SET claimed_until = {0}
              FROM (
                  SELECT customer_id AS customer, id AS change, group_id AS only_group FROM segment_changes
                  WHERE (claimed_until <= {1} OR claimed_until > {2}){{notBuilding}}
                  ORDER BY id LIMIT {3} OFFSET {4}) AS due
              WHERE customer_id = customer AND id = change AND group_id = only_group AND (claimed_until <= {1} OR claimed_until > {2})
              RETURNING {{db.Columns<SegmentChange>()}}
              """;
        return db.SegmentChanges.FromSqlRaw(sql, until, now, Lease.Latest(until), most, skip).ToListAsync(cancellationToken);
    }

    /// <summary>Removes changes from the queue. With distributed tables, the keys travel to the workers, and only a number comes back.</summary>
    public static Task<int> DequeueAsync(ClienteleDb db, IReadOnlyList<SegmentChange> changes, CancellationToken cancellationToken)
    {
        var customers = changes.Select(change => change.CustomerId).ToArray();
        var (ids, groups) = (changes.Select(change => change.Id).ToArray(), changes.Select(change => change.GroupId).ToArray());
        var keys = db.IsPostgres ? "" : JsonSerializer.Serialize(changes.Select(change => new[] { change.CustomerId, change.Id, change.GroupId }));
        return db.Database.ExecuteSqlAsync(
            db.IsPostgres
                ? $"""
                   -- scatter: changes of the queue that are done
                   DELETE FROM segment_changes USING unnest({customers}, {ids}, {groups}) AS done (customer, change, only_group)
                   WHERE customer_id = customer AND id = change AND group_id = only_group
                   """
                : (FormattableString)$"""
                   -- scatter: changes of the queue that are done
                   DELETE FROM segment_changes WHERE (customer_id, id, group_id) IN (
                       SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each({keys}))
                   """,
            cancellationToken);
    }
}
