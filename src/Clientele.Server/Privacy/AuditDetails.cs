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

    /// <summary>A JSON object: member → {"from", "to"}, or null if the values are not stored.</summary>
    public required string Changes { get; init; }

    /// <summary>The hash of the details that the entry keeps permanently.</summary>
    public static byte[] HashOf(byte[] salt, string? network, string changes) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes($"{network}\n{changes}")]);
}
