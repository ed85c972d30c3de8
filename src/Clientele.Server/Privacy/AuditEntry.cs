using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Privacy;

/// <summary>
/// Records a change with ids and numbers only, so that it can stay after an erasure. What changed, and from which network,
/// is in <see cref="AuditDetails"/>, which an erasure removes.
/// </summary>
internal abstract class AuditEntryBase
{
    /// <summary>The entry's position in its chain, from 1.</summary>
    public required long Sequence { get; init; }

    public required DateTime At { get; init; }

    /// <summary>The customer id of the account that made the change; null for the command line and for anonymous callers.</summary>
    public required long? ActorId { get; init; }

    public required string ActorRole { get; init; }

    public required string Action { get; init; }

    public required string Resource { get; init; }

    /// <summary>SHA-256 of the details with their salt. It verifies the details while they exist, and reveals nothing when they are gone.</summary>
    public required byte[] DetailsHash { get; init; }

    /// <summary>SHA-256 of the previous entry's hash and this entry.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>The id of the customer or group that the chain belongs to.</summary>
    public abstract long Owner { get; }

    /// <summary>Appends this entry after the one with the given hash.</summary>
    public byte[] Link(byte[] previous) => Hash = HashAfter(previous);

    /// <summary>The hash that this entry has after the one with the given hash, at its own position or at another.</summary>
    public byte[] HashAfter(byte[] previous, long? sequence = null) => SHA256.HashData(
        [.. previous, .. Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Owner}\n{sequence ?? Sequence}\n{At:O}\n{ActorId}\n{ActorRole}\n{Action}\n{Resource}\n")), .. DetailsHash]);
}

[Table("audit_entries", TableClass.Owned, AppendOnly = true)]
internal sealed class AuditEntry : AuditEntryBase
{
    public required long CustomerId { get; init; }

    public override long Owner => CustomerId;

    /// <summary>The entry with its details, if they still exist.</summary>
    public AuditEntryResponse ToResponse(AuditDetails? details) => new()
    {
        Id = Sequence,
        At = At,
        Actor = new AuditActor { Id = ActorId, Role = ActorRole },
        Action = Action,
        Resource = Resource,
        Changes = details is null ? null : Read(details.Changes),
        Network = details?.Network,
    };

    /// <summary>The changed members in the details.</summary>
    public static List<AuditChange> Read(string changes)
    {
        using var json = JsonDocument.Parse(changes);
        return [.. json.RootElement.EnumerateObject().Select(change => new AuditChange { Member = change.Name, From = Text(change.Value, "from"), To = Text(change.Value, "to") })];

        static string? Text(JsonElement change, string side) => change.ValueKind == JsonValueKind.Null ? null : change.GetProperty(side).GetString();
    }

    internal sealed class Configuration : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder) => builder.HasKey(e => new { e.CustomerId, e.Sequence });
    }
}

/// <summary>The part of an audit entry that may be personal data: network and changed members. It is deleted with the customer, and never otherwise.</summary>
[Table("audit_details", TableClass.Owned, WriteOnce = true)]
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

    internal sealed class Configuration : IEntityTypeConfiguration<AuditDetails>
    {
        public void Configure(EntityTypeBuilder<AuditDetails> builder)
        {
            builder.HasKey(d => new { d.CustomerId, d.Sequence });
            builder.HasOne<Customer>().WithMany().HasForeignKey(d => d.CustomerId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

[Table("group_audit_entries", TableClass.Local, AppendOnly = true)]
internal sealed class GroupAuditEntry : AuditEntryBase
{
    public required long GroupId { get; init; }

    public required string? Network { get; init; }

    public required string Changes { get; init; }

    public override long Owner => GroupId;

    internal sealed class Configuration : IEntityTypeConfiguration<GroupAuditEntry>
    {
        public void Configure(EntityTypeBuilder<GroupAuditEntry> builder) => builder.HasKey(e => new { e.GroupId, e.Sequence });
    }
}
