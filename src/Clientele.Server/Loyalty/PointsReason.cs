namespace Clientele.Server.Loyalty;

/// <summary>The reason of an entry as free text. It is not in the ledger, so that an erasure can remove it.</summary>
[Table("points_reasons", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(EntryId))]
internal sealed class PointsReason
{
    public required long CustomerId { get; init; }

    public required long EntryId { get; init; }

    public required string Reason { get; init; }
}
