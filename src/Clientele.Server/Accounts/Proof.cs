namespace Clientele.Server.Accounts;

/// <summary>A code and a link that were sent to an e-mail address, or a code that was sent to a phone number.</summary>
[Table("proofs", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Id))]
[Index(nameof(ExpiresAt))]
internal sealed class Proof
{
    public required long CustomerId { get; init; }

    public required Guid Id { get; init; }

    public required ProofPurpose Purpose { get; init; }

    /// <summary>A keyed hash of the code and of its <see cref="ProofSubject"/>: if the address or the password changes, no code fits it any more.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>The same of the link's token; null if the message has no link.</summary>
    public required byte[]? LinkHash { get; init; }

    /// <summary>How often a code was tried. At <see cref="Proofs.MostTries"/> the code is dead; the link is not.</summary>
    public int Tries { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime CodeExpiresAt { get; init; }

    /// <summary>When the link expires.</summary>
    public required DateTime ExpiresAt { get; init; }

    public DateTime? UsedAt { get; init; }
}
