namespace Clientele.Server.Accounts;

/// <summary>A sign-in that has not ended, with what its owner needs to recognise it. Its id is the family of its refresh tokens.</summary>
[Table("sessions", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Id))]
[Index(nameof(ExpiresAt))]
internal sealed class OpenSession
{
    /// <summary>A session that was used less than this ago is not written again.</summary>
    public static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    public required long CustomerId { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The short name of the program that signed in.</summary>
    public required string Client { get; init; }

    /// <summary>The network that the sign-in came from, as it is shown to people.</summary>
    public required string Network { get; init; }

    /// <summary>One of <see cref="SignInMethod"/>.</summary>
    public required string SignedInWith { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was last refreshed, precise to a minute.</summary>
    public required DateTime LastUsedAt { get; set; }

    /// <summary>When its newest refresh token expires, precise to a minute.</summary>
    public required DateTime ExpiresAt { get; set; }
}
