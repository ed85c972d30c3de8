namespace Clientele.Server.Accounts;

/// <summary>A client with which an account's owner has signed in.</summary>
[Table("known_clients", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(ClientHash))]
[Index(nameof(LastSeenAt))]
internal sealed class KnownClient
{
    public required long CustomerId { get; init; }

    /// <summary>A keyed hash of the client's short name that includes the customer's id.</summary>
    public required byte[] ClientHash { get; init; }

    /// <summary>Precise to one day: a sign-in updates it only if it is at least a day old.</summary>
    public required DateTime LastSeenAt { get; init; }
}
