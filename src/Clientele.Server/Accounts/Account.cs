namespace Clientele.Server.Accounts;

/// <summary>The secrets of a customer's account. They are in a table of their own, so that no query for a profile can return them.</summary>
[Table("accounts", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId))]
internal sealed class Account
{
    public required long CustomerId { get; init; }

    public required string PasswordHash { get; set; }

    /// <summary>Grows whenever all sessions end. A token carries the value that was current when it was issued.</summary>
    public int SecurityVersion { get; set; } = 1;
}
