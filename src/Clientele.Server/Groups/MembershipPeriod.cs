namespace Clientele.Server.Groups;

/// <summary>
/// A finished period of membership (the table has an older name). The period of a current member is in the membership itself. The row remains, with
/// the bare id, when the customer is deleted.
/// </summary>
[Table("membership_spells", TableClass.Owned)]
[PrimaryKey(nameof(CustomerId), nameof(GroupId), nameof(EnteredSeq))]
[Index(nameof(GroupId), nameof(EnteredSeq))]
[Index(nameof(GroupId), nameof(LeftSeq))]
[Index(nameof(GroupId), nameof(EnteredAt))]
[Index(nameof(GroupId), nameof(LeftAt))]
internal sealed class MembershipPeriod
{
    public required long CustomerId { get; init; }

    public required long GroupId { get; init; }

    /// <summary>The number of the entry in the group's changes.</summary>
    public required long EnteredSeq { get; init; }

    public required DateTime EnteredAt { get; init; }

    public required Cause EnteredCause { get; init; }

    /// <summary>The number of the exit in the group's changes.</summary>
    public required long LeftSeq { get; init; }

    public required DateTime LeftAt { get; init; }

    public required Cause LeftCause { get; init; }
}
