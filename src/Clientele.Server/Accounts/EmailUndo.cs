namespace Clientele.Server.Accounts;

/// <summary>Lets the owner of an earlier e-mail address take it back. Until this expires, nobody else can claim the address.</summary>
[Table("email_undos", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Id))]
[Index(nameof(ExpiresAt))]
internal sealed class EmailUndo
{
    public required long CustomerId { get; init; }

    public required Guid Id { get; init; }

    public required string OldEmail { get; init; }

    /// <summary>A keyed hash of the link's token.</summary>
    public required byte[] LinkHash { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime ExpiresAt { get; init; }
}
