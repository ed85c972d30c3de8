namespace Clientele.Server.Groups;

/// <summary>
/// The membership of a customer in a group, or the decision against it. There are no foreign keys: every writer holds the lock on the group's count,
/// and a deleted customer is evaluated like a changed one.
/// </summary>
[Table("memberships", TableClass.Owned)]
[PrimaryKey(nameof(CustomerId), nameof(GroupId))]
[Index(nameof(GroupId), nameof(CustomerId))]
internal sealed class Membership
{
    public required long CustomerId { get; init; }

    public required long GroupId { get; init; }

    public required MembershipOrigin Origin { get; set; }

    /// <summary>Whether the customer is a member now; all readers use this. A customer who was added by hand is not a member while inactive.</summary>
    public required bool IsMember { get; set; }

    /// <summary>When it was decided by hand, or when the rule first matched.</summary>
    public required DateTime ChangedAt { get; set; }

    /// <summary>The admin who decided it by hand.</summary>
    public long? ChangedBy { get; set; }

    /// <summary>When the member entered; null if not a member.</summary>
    public DateTime? EnteredAt { get; set; }

    /// <summary>The number of the entry in the group's changes; null if not a member.</summary>
    public long? EnteredSeq { get; set; }

    /// <summary>Why the member entered; null if not a member.</summary>
    public Cause? EnteredCause { get; set; }

    /// <summary>The memberships of customers in groups, tracked. A pair without a stored membership is left out.</summary>
    public static async Task<Dictionary<(long Customer, long Group), Membership>> ReadAsync(
        ClienteleDb db, List<(long Group, List<long> Customers)> wanted, CancellationToken cancellationToken)
    {
        var found = new List<Membership>();
        var asked = wanted.FindAll(one => one.Customers.Count > 0);
        if (db.IsPostgres && asked.Count > 0)
        {
            var sql =
                $$"""
                  -- scatter: members whose data has changed
                  SELECT {{db.Columns<Membership>("m")}} FROM unnest({0}, {1}) AS w (customer_id, group_id)
                  JOIN memberships AS m ON m.customer_id = w.customer_id AND m.group_id = w.group_id
                  """;
            var ids = asked.SelectMany(one => one.Customers).ToArray();
            var groups = asked.SelectMany(one => one.Customers.Select(_ => one.Group)).ToArray();
            found = await db.Memberships.FromSqlRaw(sql, ids, groups).AsTracking().ToListAsync(cancellationToken);
        }

        foreach (var (group, customers) in db.IsPostgres ? [] : asked)
        {
            found.AddRange(await db.Memberships.AsTracking().Where(m => customers.Contains(m.CustomerId) && m.GroupId == group).ToListAsync(cancellationToken));
        }

        return found.ToDictionary(row => (row.CustomerId, row.GroupId));
    }

    internal sealed class Configuration : IEntityTypeConfiguration<Membership>
    {
        public void Configure(EntityTypeBuilder<Membership> builder)
        {
            builder.HasIndex(m => new { m.GroupId, m.EnteredSeq }).HasFilter("is_member");

            // For those who came and went in a time.
            builder.HasIndex(m => new { m.GroupId, m.EnteredAt }).HasFilter("is_member");
        }
    }
}
