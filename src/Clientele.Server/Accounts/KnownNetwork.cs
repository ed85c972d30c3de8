namespace Clientele.Server.Accounts;

/// <summary>A network from which an account's owner has signed in.</summary>
[Table("known_networks", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(NetworkHash))]
[Index(nameof(LastSeenAt))]
internal sealed class KnownNetwork
{
    public required long CustomerId { get; init; }

    /// <summary>A keyed hash that includes the customer's id. It reveals neither the network nor which customers share one.</summary>
    public required byte[] NetworkHash { get; init; }

    /// <summary>Precise to one day: a sign-in updates it only if it is at least a day old.</summary>
    public required DateTime LastSeenAt { get; init; }
}
