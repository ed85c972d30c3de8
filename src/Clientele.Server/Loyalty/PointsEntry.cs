using System.Text.Json;
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

    /// <summary>
    /// Signed. Releases aside, which only make pending points available, they add up to what is available and pending, less the debt.
    /// </summary>
    public required long Points { get; init; }

    /// <summary>What can be spent after it.</summary>
    public required long Balance { get; init; }

    public required long Debt { get; init; }

    public required string SourceType { get; init; }

    public required string SourceId { get; init; }

    /// <summary>Which of several entries that a source may make of a kind.</summary>
    public required long Step { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When the lot that came with it expires.</summary>
    public DateTime? ExpiresAt { get; init; }

    public LoyaltyEntryResponse ToResponse(string? reason) => new()
    {
        Id = Id,
        Kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(Kind.ToString()),
        Points = Points,
        Balance = Balance,
        Debt = Debt,
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

            // Debts are few, and liability has to know them.
            builder.HasIndex(e => new { e.CustomerId, e.CreatedAt }).HasFilter("debt > 0");
            builder.ToTable(table =>
            {
                table.HasCheckConstraint("ck_points_entries_balance", "balance >= 0 AND debt >= 0 AND (balance = 0 OR debt = 0)");

                // What comes in is positive, what goes out is negative; adjustments and reversals go both ways.
                table.HasCheckConstraint("ck_points_entries_points", "(kind IN (1, 6) AND points > 0) OR (kind IN (3, 5, 7) AND points < 0) OR (kind IN (2, 4) AND points <> 0)");
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

/// <summary>What an entry comes from: with the kind and the step it is unique per customer.</summary>
internal static class PointsSources
{
    /// <summary>An order, by its number.</summary>
    public const string Order = "order";

    /// <summary>An admin, by the number of the entry.</summary>
    public const string Adjustment = "adjustment";

    /// <summary>A redemption for no particular order, by the number of the entry.</summary>
    public const string Redemption = "redemption";

    /// <summary>Another entry: the redemption that is given back, or the one whose lot is released or expires.</summary>
    public const string Entry = "entry";

    public const string Erasure = "erasure";
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
