namespace Clientele.Server.Accounts;

/// <summary>A sign-in whose password was right and that waits for a second factor. Its use deletes the row.</summary>
[Table("sign_in_challenges", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(ChallengeHash))]
[Index(nameof(ExpiresAt))]
internal sealed class SignInChallenge
{
    public required long CustomerId { get; init; }

    /// <summary>The SHA-256 of the challenge.</summary>
    public required byte[] ChallengeHash { get; init; }

    /// <summary>The hash of the caller's network. From another network the challenge is invalid.</summary>
    public required byte[] NetworkHash { get; init; }

    /// <summary>The account's security version when the password was checked. If the account has another one now, the challenge is invalid.</summary>
    public required int SecurityVersion { get; init; }

    public required DateTime ExpiresAt { get; init; }
}
