namespace Clientele.Server.Privacy;

/// <summary>The part of an audit entry that may be personal data: network and changed members. It is deleted with the customer, and never otherwise.</summary>
[Table("audit_details", TableClass.Owned, WriteOnce = true, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Sequence))]
internal sealed class AuditDetails
{
    public required long CustomerId { get; init; }

    public required long Sequence { get; init; }

    public required byte[] Salt { get; init; }

    public required string? Network { get; init; }

    /// <summary>The name of the API key that made the change, at the time; null for other actors.</summary>
    public string? ActorName { get; init; }

    /// <summary>A JSON object: member → {"from", "to"}, or null if the values are not stored.</summary>
    public required string Changes { get; init; }

    /// <summary>The hash of the details that the entry keeps permanently. Without a name it is the same as before there were keys.</summary>
    public static byte[] HashOf(byte[] salt, string? network, string changes, string? actorName = null) =>
        SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(actorName is null ? $"{network}\n{changes}" : $"{network}\n{changes}\n{actorName}")]);
}
