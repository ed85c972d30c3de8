namespace Clientele.Server.Loyalty;

/// <summary>Points that were added together, and how many of them are left.</summary>
[Table("points_lots", TableClass.Owned, Cascades = true)]
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

    /// <summary>The number of points that have been taken and can return.</summary>
    public long Missing => Points - Rest - Expired;

    /// <summary>When the lot is next released or expires.</summary>
    public DateTime? DueAt => State switch
    {
        PointsLotState.Pending => ExpiresAt < AvailableAt ? ExpiresAt : AvailableAt,
        PointsLotState.Active => ExpiresAt,
        PointsLotState.Closed => null,
    };

    public LoyaltyLotResponse ToResponse() => new()
    {
        EntryId = EntryId,
        OrderNumber = OrderNumber,
        Points = Points,
        Rest = Rest,
        Expired = Expired,
        State = JsonNamingPolicy.SnakeCaseLower.ConvertName(State.ToString()),
        CreatedAt = CreatedAt,
        AvailableAt = AvailableAt,
        ExpiresAt = ExpiresAt,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<PointsLot>
    {
        public void Configure(EntityTypeBuilder<PointsLot> builder)
        {
            builder.HasKey(l => new { l.CustomerId, l.EntryId });

            // An account has few open lots, however many closed ones it has.
            builder.HasIndex(l => new { l.CustomerId, l.ExpiresAt }).HasFilter("state <> 3");
            builder.HasIndex(l => new { l.CustomerId, l.OrderNumber });

            // For the events about points that expire soon.
            builder.HasIndex(l => l.ExpiresAt).HasFilter("state <> 3 AND expires_at IS NOT NULL");
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
