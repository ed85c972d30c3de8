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

    /// <summary>The customer number of whoever did it; null for the command line and for a stranger.</summary>
    public required long? ActorId { get; init; }

    public required string ActorRole { get; init; }

    public required string Action { get; init; }

    public required string Resource { get; init; }

    /// <summary>SHA-256 of the details with their salt: proves them while they exist, and tells nothing when they are gone.</summary>
    public required byte[] DetailsHash { get; init; }

    /// <summary>SHA-256 over the previous entry's hash and this entry.</summary>
    public required byte[] Hash { get; init; }
}

[Table("audit_entries", TableClass.Owned, AppendOnly = true)]
internal sealed class AuditEntry : AuditEntryBase
{
    public required long CustomerId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder) => builder.HasKey(e => new { e.CustomerId, e.Sequence });
    }
}

/// <summary>The part of an audit entry that may name somebody: network and changed members.</summary>
[Table("audit_details", TableClass.Owned)]
internal sealed class AuditDetails
{
    public required long CustomerId { get; init; }

    public required long Sequence { get; init; }

    public required byte[] Salt { get; init; }

    public required string? Network { get; init; }

    /// <summary>A JSON object: member → {"from", "to"}, or null where values are not kept.</summary>
    public required string Changes { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<AuditDetails>
    {
        public void Configure(EntityTypeBuilder<AuditDetails> builder) => builder.HasKey(d => new { d.CustomerId, d.Sequence });
    }
}

[Table("group_audit_entries", TableClass.Local, AppendOnly = true)]
internal sealed class GroupAuditEntry : AuditEntryBase
{
    public required long GroupId { get; init; }

    public required string? Network { get; init; }

    public required string Changes { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<GroupAuditEntry>
    {
        public void Configure(EntityTypeBuilder<GroupAuditEntry> builder) => builder.HasKey(e => new { e.GroupId, e.Sequence });
    }
}
