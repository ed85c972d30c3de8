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
/// That something was changed: ids and numbers only, so that it may outlive the person. What changed, and from where,
/// stands beside it in <see cref="AuditDetails"/>, which an erasure removes.
/// </summary>
internal abstract class AuditEntryBase
{
    /// <summary>The entry's place in its chain, from 1.</summary>
    public required long Sequence { get; init; }

    public required DateTime At { get; init; }

    /// <summary>The customer id of the account that did it; null for the command line and for a stranger.</summary>
    public required long? ActorId { get; init; }

    public required string ActorRole { get; init; }

    public required string Action { get; init; }

    public required string Resource { get; init; }

    /// <summary>SHA-256 of the details with their salt: proves them while they exist, and tells nothing when they are gone.</summary>
    public required byte[] DetailsHash { get; init; }

    /// <summary>SHA-256 over the previous entry's hash and this entry.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>Whose the chain is.</summary>
    public abstract long Owner { get; }

    /// <summary>Makes this the entry after the one with that hash.</summary>
    public byte[] Link(byte[] previous) => Hash = HashAfter(previous);

    /// <summary>The hash that this entry has after the one with that hash, in its place or in another.</summary>
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

    /// <summary>The entry with its details, as far as there are any left.</summary>
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

    /// <summary>The changed members that details tell of.</summary>
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

/// <summary>The part of an audit entry that may name somebody: network and changed members. It goes with the customer, and only so.</summary>
[Table("audit_details", TableClass.Owned, WriteOnce = true)]
internal sealed class AuditDetails
{
    public required long CustomerId { get; init; }

    public required long Sequence { get; init; }

    public required byte[] Salt { get; init; }

    public required string? Network { get; init; }

    /// <summary>A JSON object: member → {"from", "to"}, or null where values are not kept.</summary>
    public required string Changes { get; init; }

    /// <summary>What the entry keeps of its details for good.</summary>
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
