namespace Clientele.Server.Accounts;

/// <summary>A code that replaces the authenticator app once. Its use deletes the row.</summary>
[Table("recovery_codes", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(CodeHash))]
internal sealed class RecoveryCode
{
    public required long CustomerId { get; init; }

    /// <summary>A keyed hash that includes the customer's id.</summary>
    public required byte[] CodeHash { get; init; }
}
