using System.Text.Json;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Groups;

/// <summary>A group with the number of its members.</summary>
internal sealed class CountedGroup
{
    public required Group Group { get; init; }

    public required long Members { get; init; }

    /// <summary>Null if no rule decides.</summary>
    public Segment? Segment { get; init; }

    public GroupResponse ToResponse() => Group.ToResponse(Members, Segment);
}

[Table("groups", TableClass.Local)]
internal sealed class Group
{
    /// <summary>The groups of the customer @id; <see cref="ReadForMember"/> reads them.</summary>
    public const string OfCustomer =
        """
        SELECT g.id, g.name, g.discount_percentage, g.priority_support, g.free_shipping
        FROM memberships AS m JOIN groups AS g ON g.id = m.group_id WHERE m.customer_id = @id AND m.is_member ORDER BY g.name_key
        """;

    public required long Id { get; init; }

    public int Version { get; set; } = 1;

    public required string Name { get; set; }

    /// <summary>The name in the form that is compared and sorted: <see cref="TextFolding.NameKey"/>. <see cref="GroupName"/> keeps it unique.</summary>
    public string NameKey { get; private set; } = "";

    public string Description { get; set; } = "";

    public bool AutoAssign { get; set; }

    /// <summary>A JSON object.</summary>
    public string AssignmentRules { get; set; } = "{}";

    /// <summary>In hundredths of a percent.</summary>
    public int DiscountPercentage { get; set; }

    public bool PrioritySupport { get; set; }

    public bool FreeShipping { get; set; }

    /// <summary>The number of audit entries, which is the number of the last one.</summary>
    public long AuditEntries { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }

    /// <summary>The text that is searched.</summary>
    public string SearchText { get; private set; } = "";

    public void Index()
    {
        NameKey = TextFolding.NameKey(Name);
        SearchText = TextFolding.SearchText(Name, Description);
    }

    /// <summary>The group in a member's representation.</summary>
    public static CustomerGroup ReadForMember(Row row) => new()
    {
        Id = row.Long(),
        Name = row.Text(),
        DiscountPercentage = row.Integer() / 100m,
        PrioritySupport = row.Boolean(),
        FreeShipping = row.Boolean(),
    };

    public GroupResponse ToResponse(long members, Segment? segment) => new()
    {
        Id = Id,
        Name = Name,
        Description = Description,
        AutoAssign = AutoAssign,
        AssignmentRules = JsonSerializer.Deserialize(AssignmentRules, WireJson.Default.JsonElement),
        DiscountPercentage = DiscountPercentage / 100m,
        PrioritySupport = PrioritySupport,
        FreeShipping = FreeShipping,
        MembersCount = members,
        State = segment is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(segment.State.ToString()),
        Progress = segment?.Progress,
        EvaluatedAt = segment?.EvaluatedAt,
        Error = segment?.Error,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Group>
    {
        public void Configure(EntityTypeBuilder<Group> builder) => builder.HasIndex(g => g.NameKey);
    }
}

/// <summary>The claim on a group's name.</summary>
[Table("group_names", TableClass.Claim)]
internal sealed class GroupName
{
    /// <summary>The name in the form that is compared: <see cref="TextFolding.NameKey"/>.</summary>
    public required string Name { get; init; }

    public required long GroupId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<GroupName>
    {
        public void Configure(EntityTypeBuilder<GroupName> builder) => builder.HasKey(n => n.Name);
    }
}

/// <summary>
/// The number of members and of changes of a group. It is a row of its own, so that joining a group does not write the group's row. Every write of
/// memberships locks this row first (<see cref="ClienteleDb.LockCountsAsync"/>) and reads afterwards. So no decision is based on data from before
/// another's commit, and changes are numbered in the order of their commits.
/// </summary>
[Table("group_counts", TableClass.Local)]
internal sealed class GroupCount
{
    public required long GroupId { get; init; }

    public required long Members { get; set; }

    /// <summary>The number of the last change.</summary>
    public long LastSeq { get; set; }

    /// <summary>The instant of the last change: a node whose clock is behind must not undo what the passing of time has changed.</summary>
    public DateTime? ChangedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<GroupCount>
    {
        public void Configure(EntityTypeBuilder<GroupCount> builder)
        {
            builder.HasKey(c => c.GroupId);
            builder.HasOne<Group>().WithOne().HasForeignKey<GroupCount>(c => c.GroupId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>
/// The membership of a customer in a group, or the decision against it. There are no foreign keys: every writer holds the lock on the group's count,
/// and a deleted customer is evaluated like a changed one.
/// </summary>
[Table("memberships", TableClass.Owned)]
internal sealed class Membership
{
    public required long CustomerId { get; init; }

    public required long GroupId { get; init; }

    public required MembershipOrigin Origin { get; set; }

    /// <summary>Whether the customer is a member now; all readers use this. A customer who was added by hand is no member while inactive.</summary>
    public required bool IsMember { get; set; }

    /// <summary>When it was decided by hand, or when the rule first matched.</summary>
    public required DateTime ChangedAt { get; set; }

    /// <summary>The admin who decided it by hand.</summary>
    public long? ChangedBy { get; set; }

    /// <summary>When the member entered; null if not a member.</summary>
    public DateTime? EnteredAt { get; set; }

    /// <summary>The number of the entry in the group's changes; null if not a member.</summary>
    public long? EnteredSeq { get; set; }

    /// <summary>Why the member entered; null if not a member.</summary>
    public Cause? EnteredCause { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Membership>
    {
        public void Configure(EntityTypeBuilder<Membership> builder)
        {
            builder.HasKey(m => new { m.CustomerId, m.GroupId });
            builder.HasIndex(m => new { m.GroupId, m.CustomerId });
            builder.HasIndex(m => new { m.GroupId, m.EnteredSeq }).HasFilter("is_member");
        }
    }
}

/// <summary>Why a customer is or is not in a group. Excluded takes precedence over included, and included over the rule.</summary>
internal enum MembershipOrigin
{
    Excluded = 0,
    Included = 1,
    Rule = 2,
}
