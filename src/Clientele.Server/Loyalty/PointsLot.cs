using Clientele.Server.Customers;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Loyalty;

/// <summary>Points that came together, with what is left of them.</summary>
[Table("points_lots", TableClass.Owned)]
internal sealed class PointsLot
{
    public required long CustomerId { get; init; }

    /// <summary>The entry that brought them.</summary>
    public required long EntryId { get; init; }

    /// <summary>The order that earned them; null for those added by hand.</summary>
    public string? OrderNumber { get; init; }

    public required long Points { get; init; }

    public required long Rest { get; set; }

    /// <summary>How many expired.</summary>
    public long Expired { get; set; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>Until then the points are pending; null where they never were.</summary>
    public DateTime? AvailableAt { get; init; }

    public DateTime? ExpiresAt { get; init; }

    public required PointsLotState State { get; set; }

    /// <summary>When the clock has something to do here next.</summary>
    public DateTime? DueAt => State switch
    {
        PointsLotState.Pending => ExpiresAt < AvailableAt ? ExpiresAt : AvailableAt,
        PointsLotState.Active => ExpiresAt,
        PointsLotState.Closed => null,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<PointsLot>
    {
        public void Configure(EntityTypeBuilder<PointsLot> builder)
        {
            builder.HasKey(l => new { l.CustomerId, l.EntryId });

            // An account has few open lots, however many it has ever had.
            builder.HasIndex(l => new { l.CustomerId, l.ExpiresAt }).HasFilter("state <> 3");
            builder.HasIndex(l => new { l.CustomerId, l.OrderNumber });
            builder.HasOne<Customer>().WithMany().HasForeignKey(l => l.CustomerId).OnDelete(DeleteBehavior.Cascade);
            builder.ToTable(table =>
            {
                table.HasCheckConstraint("ck_points_lots_rest", "points > 0 AND rest >= 0 AND expired >= 0 AND rest + expired <= points");
                table.HasCheckConstraint("ck_points_lots_state", "(state IN (1, 2) AND rest > 0) OR (state = 3 AND rest = 0)");
            });
        }
    }
}

internal enum PointsLotState
{
    Pending = 1,
    Active = 2,

    /// <summary>Nothing is left.</summary>
    Closed = 3,
}

/// <summary>
/// What an entry took from a lot, or gave back to it (negative). The rest of a lot is its points less its allocations.
/// </summary>
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
            builder.ToTable(table => table.HasCheckConstraint("ck_points_allocations_points", "points <> 0"));
        }
    }
}

/// <summary>What an order earns: by the rate and multiplier of when it first did, whatever the settings and tiers are later.</summary>
[Table("points_orders", TableClass.Owned)]
internal sealed class PointsOrder
{
    /// <summary>Rates and multipliers are kept as whole numbers, for SQLite has no decimals.</summary>
    public const long Scale = 1_000_000;

    public required long CustomerId { get; init; }

    public required string OrderNumber { get; init; }

    /// <summary>Points per unit of the store's currency, in units of 10⁻⁶, as <see cref="Multiplier"/>.</summary>
    public required long Rate { get; init; }

    public required long Multiplier { get; init; }

    /// <summary>What the newest revision is worth: what the order's entries and <see cref="Forgiven"/> add up to.</summary>
    public long Kept { get; set; }

    /// <summary>What would have been taken back, had it not expired before.</summary>
    public long Forgiven { get; set; }

    /// <summary>How many entries there are.</summary>
    public long Steps { get; set; }

    /// <summary>The points of an amount in minor units, where it counts: multiplied exactly, rounded down once.</summary>
    public long Worth(bool counts, long net) => counts ? (long)((Int128)net * Rate * Multiplier / ((Int128)100 * Scale * Scale)) : 0;

    internal sealed class Configuration : IEntityTypeConfiguration<PointsOrder>
    {
        public void Configure(EntityTypeBuilder<PointsOrder> builder)
        {
            builder.HasKey(o => new { o.CustomerId, o.OrderNumber });
            builder.HasOne<History.Order>().WithMany().HasForeignKey(o => new { o.CustomerId, o.OrderNumber }).OnDelete(DeleteBehavior.Cascade);
            builder.ToTable(table => table.HasCheckConstraint("ck_points_orders_kept", "kept >= 0 AND forgiven >= 0 AND steps >= 0 AND rate >= 0 AND multiplier >= 0"));
        }
    }
}
