using Clientele.Server.Customers;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Loyalty;

/// <summary>An entry of a customer's ledger. Ids and numbers only: it outlives the person, so that past liability stays right.</summary>
[Table("points_entries", TableClass.Owned, AppendOnly = true)]
internal sealed class PointsEntry
{
    public required long CustomerId { get; init; }

    /// <summary>From 1, without gaps.</summary>
    public required long Id { get; init; }

    public required PointsEntryKind Kind { get; init; }

    /// <summary>Signed.</summary>
    public required long Points { get; init; }

    /// <summary>What can be spent after it.</summary>
    public required long Balance { get; init; }

    public required long Debt { get; init; }

    public required string SourceType { get; init; }

    public required string SourceId { get; init; }

    /// <summary>Which of several entries that a source may make of a kind.</summary>
    public required int Step { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? ExpiresAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<PointsEntry>
    {
        public void Configure(EntityTypeBuilder<PointsEntry> builder)
        {
            builder.HasKey(e => new { e.CustomerId, e.Id });

            // A redelivered order or a retried request cannot earn, spend or reverse twice.
            builder.HasIndex(e => new { e.CustomerId, e.SourceType, e.SourceId, e.Kind, e.Step }).IsUnique();
        }
    }
}

internal enum PointsEntryKind
{
    Earn = 1,
    Adjust = 2,
    Redeem = 3,
    Reverse = 4,
    Expire = 5,
    Release = 6,
    Forfeit = 7,
}

/// <summary>Why, in somebody's words: beside the ledger, so that an erasure can remove it.</summary>
[Table("points_reasons", TableClass.Owned)]
internal sealed class PointsReason
{
    public required long CustomerId { get; init; }

    public required long EntryId { get; init; }

    public required string Reason { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<PointsReason>
    {
        public void Configure(EntityTypeBuilder<PointsReason> builder)
        {
            builder.HasKey(r => new { r.CustomerId, r.EntryId });
            builder.HasOne<Customer>().WithMany().HasForeignKey(r => r.CustomerId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>Points that came together, with what is left of them.</summary>
[Table("points_lots", TableClass.Owned)]
internal sealed class PointsLot
{
    public required long CustomerId { get; init; }

    /// <summary>The entry that brought them.</summary>
    public required long EntryId { get; init; }

    public required long Points { get; init; }

    public required long Rest { get; set; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>Until then the points are pending; null where they never were.</summary>
    public DateTime? AvailableAt { get; init; }

    public DateTime? ExpiresAt { get; init; }

    public required PointsLotState State { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<PointsLot>
    {
        public void Configure(EntityTypeBuilder<PointsLot> builder)
        {
            builder.HasKey(l => new { l.CustomerId, l.EntryId });
            builder.HasIndex(l => new { l.State, l.AvailableAt });
            builder.HasIndex(l => new { l.State, l.ExpiresAt });
            builder.HasOne<Customer>().WithMany().HasForeignKey(l => l.CustomerId).OnDelete(DeleteBehavior.Cascade);
            builder.ToTable(table => table.HasCheckConstraint("ck_points_lots_rest", "rest >= 0 AND rest <= points"));
        }
    }
}

internal enum PointsLotState
{
    Pending = 1,
    Active = 2,
    Closed = 3,
}

/// <summary>What an entry took from a lot, so that it can be given back there.</summary>
[Table("points_allocations", TableClass.Owned)]
internal sealed class PointsAllocation
{
    public required long CustomerId { get; init; }

    public required long EntryId { get; init; }

    public required long LotId { get; init; }

    public required long Points { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<PointsAllocation>
    {
        public void Configure(EntityTypeBuilder<PointsAllocation> builder)
        {
            builder.HasKey(a => new { a.CustomerId, a.EntryId, a.LotId });
            builder.HasOne<PointsLot>().WithMany().HasForeignKey(a => new { a.CustomerId, a.LotId }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>Writes the ledger of a locked, tracked customer.</summary>
internal sealed class Ledger(ClienteleDb db, TimeProvider clock)
{
    /// <summary>Adds points as a lot of their own, or takes them from the lots. False, and nothing is changed, where there are too few.</summary>
    public async Task<bool> AdjustAsync(Customer customer, long points, string reason, CancellationToken cancellationToken)
    {
        if (points < 0 && customer.LoyaltyPoints < -points)
        {
            return false;
        }

        customer.LoyaltyPoints += points;
        var entry = Append(customer, PointsEntryKind.Adjust, points, "adjustment", Guid.CreateVersion7().ToString());
        db.Add(new PointsReason { CustomerId = customer.Id, EntryId = entry.Id, Reason = reason });
        if (points > 0)
        {
            db.Add(new PointsLot
            {
                CustomerId = customer.Id,
                EntryId = entry.Id,
                Points = points,
                Rest = points,
                CreatedAt = entry.CreatedAt,
                State = PointsLotState.Active,
            });
        }
        else
        {
            await TakeAsync(customer.Id, entry.Id, -points, cancellationToken);
        }

        return true;
    }

    /// <summary>What an erased customer had is forfeited, so that the liability of later days is right.</summary>
    public void Forfeit(Customer customer)
    {
        if (customer.LoyaltyPoints > 0)
        {
            var points = customer.LoyaltyPoints;
            customer.LoyaltyPoints = 0;
            Append(customer, PointsEntryKind.Forfeit, -points, "erasure", "");
        }
    }

    private PointsEntry Append(Customer customer, PointsEntryKind kind, long points, string sourceType, string sourceId)
    {
        var entry = new PointsEntry
        {
            CustomerId = customer.Id,
            Id = ++customer.LoyaltyEntries,
            Kind = kind,
            Points = points,
            Balance = customer.LoyaltyPoints,
            Debt = customer.LoyaltyDebt,
            SourceType = sourceType,
            SourceId = sourceId,
            Step = 0,
            CreatedAt = clock.Now(),
        };
        db.Add(entry);
        return entry;
    }

    /// <summary>The lot that expires soonest first, then the oldest.</summary>
    private async Task TakeAsync(long customerId, long entryId, long points, CancellationToken cancellationToken)
    {
        var lots = await db.PointsLots.AsTracking().Where(l => l.CustomerId == customerId && l.State == PointsLotState.Active)
            .OrderBy(l => l.ExpiresAt == null).ThenBy(l => l.ExpiresAt).ThenBy(l => l.EntryId).ToListAsync(cancellationToken);
        foreach (var lot in lots.TakeWhile(_ => points > 0))
        {
            var taken = Math.Min(lot.Rest, points);
            lot.Rest -= taken;
            lot.State = lot.Rest == 0 ? PointsLotState.Closed : PointsLotState.Active;
            points -= taken;
            db.Add(new PointsAllocation { CustomerId = customerId, EntryId = entryId, LotId = lot.EntryId, Points = taken });
        }
    }
}
