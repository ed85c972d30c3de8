namespace Clientele.Server.Loyalty;

/// <summary>An entry of a customer's ledger. It contains only ids and numbers, because it stays after an erasure, so that past liability stays right.</summary>
[Table("points_entries", TableClass.Owned, AppendOnly = true)]
internal sealed class PointsEntry
{
    public required long CustomerId { get; init; }

    /// <summary>From 1, without gaps, for each customer.</summary>
    public required long Id { get; init; }

    public required PointsEntryKind Kind { get; init; }

    /// <summary>Signed. Without releases, which only make pending points available, the points add up to available plus pending points less the debt.</summary>
    public required long Points { get; init; }

    /// <summary>The points that can be spent after the entry.</summary>
    public required long Balance { get; init; }

    public required long Debt { get; init; }

    public required string SourceType { get; init; }

    public required string SourceId { get; init; }

    /// <summary>Distinguishes entries of the same kind from the same source.</summary>
    public required long Step { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When the lot that the entry added expires.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>The points that were given back of the redemptions among some entries of a customer, by the redemption's number.</summary>
    public static async Task<Dictionary<string, long>> GivenBackAsync(
        ClienteleDb db, long customerId, IEnumerable<PointsEntry> entries, CancellationToken cancellationToken)
    {
        string[] redemptions = [.. entries.Where(e => e.Kind == PointsEntryKind.Redeem).Select(e => e.Id.ToString(CultureInfo.InvariantCulture))];
        return redemptions.Length == 0
            ? []
            : await db.PointsEntries
                .Where(e => e.CustomerId == customerId && e.SourceType == PointsSources.Entry && redemptions.Contains(e.SourceId)
                    && e.Kind == PointsEntryKind.Reverse)
                .GroupBy(e => e.SourceId).Select(back => new { back.Key, Points = back.Sum(e => e.Points) })
                .ToDictionaryAsync(back => back.Key, back => back.Points, cancellationToken);
    }

    /// <param name="reason">The reason, if one was given.</param>
    /// <param name="givenBack">What <see cref="GivenBackAsync"/> says about the entries.</param>
    public LoyaltyEntryResponse ToResponse(string? reason, Dictionary<string, long> givenBack) => new()
    {
        Id = Id,
        Kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(Kind.ToString()),
        Points = Points,
        Balance = Balance,
        Debt = Debt,
        Reversible = Kind == PointsEntryKind.Redeem ? -Points - givenBack.GetValueOrDefault(Id.ToString(CultureInfo.InvariantCulture)) : null,
        Source = new LoyaltySource { Type = SourceType, Id = SourceId },
        Reason = reason,
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<PointsEntry>
    {
        public void Configure(EntityTypeBuilder<PointsEntry> builder)
        {
            builder.HasKey(e => new { e.CustomerId, e.Id });

            // A redelivered order or a retried request cannot earn, spend or reverse twice.
            builder.HasIndex(e => new { e.CustomerId, e.SourceType, e.SourceId, e.Kind, e.Step }).IsUnique();

            builder.HasIndex(e => e.CreatedAt);

            // Few entries have a debt, and the liability query needs them.
            builder.HasIndex(e => new { e.CustomerId, e.CreatedAt }).HasFilter("debt > 0");
            builder.ToTable(table =>
            {
                table.HasCheckConstraint("ck_points_entries_balance", "balance >= 0 AND debt >= 0 AND (balance = 0 OR debt = 0)");

                // Points that come in are positive, points that go out are negative. Adjustments and reversals can be either.
                table.HasCheckConstraint(
                    "ck_points_entries_points",
                    "(kind IN (1, 6) AND points > 0) OR (kind IN (3, 5, 7) AND points < 0) OR (kind IN (2, 4) AND points <> 0)");
            });
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

/// <summary>The source of an entry. Together with the kind and the step it is unique per customer.</summary>
internal static class PointsSources
{
    /// <summary>An order, by its number.</summary>
    public const string Order = "order";

    /// <summary>An admin, identified by the number of the entry.</summary>
    public const string Adjustment = "adjustment";

    /// <summary>A redemption without a particular order, identified by the number of the entry.</summary>
    public const string Redemption = "redemption";

    /// <summary>Another entry: the redemption that is reversed, or the entry whose lot is released or expires.</summary>
    public const string Entry = "entry";

    public const string Erasure = "erasure";
}
