using Clientele.Server.Customers;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Loyalty;

/// <summary>Points that were added together, and how many of them are left.</summary>
[Table("points_lots", TableClass.Owned)]
internal sealed class PointsLot
{
    public required long CustomerId { get; init; }

    /// <summary>The entry that added the points.</summary>
    public required long EntryId { get; init; }

    /// <summary>The order that earned the points; null if they were added by hand.</summary>
    public string? OrderNumber { get; init; }

    public required long Points { get; init; }

    public required long Rest { get; set; }

    /// <summary>The number of points that have expired.</summary>
    public long Expired { get; set; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>Until this instant the points are pending; null if they never were.</summary>
    public DateTime? AvailableAt { get; init; }

    public DateTime? ExpiresAt { get; init; }

    public required PointsLotState State { get; set; }

    /// <summary>When the lot is next released or expires.</summary>
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

            // An account has few open lots, however many closed ones it has.
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
/// The points that an entry took from a lot, or gave back to it (negative). What is left of a lot is its points less its allocations.
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

/// <summary>The points that an order earns. The rate and multiplier of its first earning apply, even if the settings or the tier change later.</summary>
[Table("points_orders", TableClass.Owned)]
internal sealed class PointsOrder
{
    /// <summary>Rates and multipliers are stored as integers, because SQLite has no decimals.</summary>
    public const long Scale = 1_000_000;

    public required long CustomerId { get; init; }

    public required string OrderNumber { get; init; }

    /// <summary>Points per unit of the store's currency, in units of 10⁻⁶, like <see cref="Multiplier"/>.</summary>
    public required long Rate { get; init; }

    public required long Multiplier { get; init; }

    /// <summary>The points of the newest revision: the sum of the order's entries and <see cref="Forgiven"/>.</summary>
    public long Kept { get; set; }

    /// <summary>The points that a refund did not take back because they had already expired.</summary>
    public long Forgiven { get; set; }

    /// <summary>The number of entries.</summary>
    public long Steps { get; set; }

    /// <summary>The points for an amount in minor units if the order counts: multiplied exactly, rounded down once.</summary>
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
