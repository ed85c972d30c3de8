namespace Clientele.Server.Accounts;

/// <summary>A refresh token, stored as its SHA-256. All tokens of one sign-in share a family.</summary>
[Table("refresh_tokens", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(TokenHash))]
[Index(nameof(ExpiresAt))]
internal sealed class RefreshToken
{
    public required long CustomerId { get; init; }

    public required byte[] TokenHash { get; init; }

    /// <summary>The id of the <see cref="OpenSession"/>.</summary>
    public required Guid FamilyId { get; init; }

    /// <summary>The account's security version at the sign-in. If the account has another one now, the token is invalid.</summary>
    public required int SecurityVersion { get; init; }

    public required DateTime SignedInAt { get; init; }

    public required DateTime ExpiresAt { get; init; }

    public DateTime? UsedAt { get; set; }
}
