namespace Clientele.Server.Loyalty;

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
            builder.ToTable(table => table.HasCheckConstraint(
                "ck_points_orders_kept", "kept >= 0 AND forgiven >= 0 AND steps >= 0 AND rate >= 0 AND multiplier >= 0"));
        }
    }
}
