namespace Clientele.Server.Accounts;

/// <summary>A challenge that was used before it expired. The request that inserts the row has used it; no other request can.</summary>
[Table("used_passkey_challenges", TableClass.Claim)]
[PrimaryKey(nameof(Hash))]
[Index(nameof(ExpiresAt))]
internal sealed class UsedPasskeyChallenge
{
    /// <summary>The SHA-256 of the challenge, in hexadecimal.</summary>
    public required string Hash { get; init; }

    public required DateTime ExpiresAt { get; init; }
}
