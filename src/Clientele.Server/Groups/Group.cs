using System.Linq.Expressions;
using System.Text.Json;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Groups;

/// <summary>A group and how many members it has.</summary>
internal sealed class CountedGroup
{
    public required Group Group { get; init; }

    public required long Members { get; init; }

    /// <summary>Null where no rule decides.</summary>
    public Segment? Segment { get; init; }

    public GroupResponse ToResponse() => Group.ToResponse(Members, Segment);
}

[Table("groups", TableClass.Local)]
internal sealed class Group
{
    /// <summary>A group as a member's representation carries it.</summary>
    public static readonly Expression<Func<Group, CustomerGroup>> AsCustomerGroup = g => new CustomerGroup
    {
        Id = g.Id,
        Name = g.Name,
        DiscountPercentage = g.DiscountPercentage / 100m,
        PrioritySupport = g.PrioritySupport,
        FreeShipping = g.FreeShipping,
    };

    public required long Id { get; init; }

    public int Version { get; set; } = 1;

    public required string Name { get; set; }

    /// <summary>The name as compared and ordered: <see cref="TextFolding.NameKey"/>. <see cref="GroupName"/> keeps it unique.</summary>
    public string NameKey { get; private set; } = "";

    public string Description { get; set; } = "";

    public bool AutoAssign { get; set; }

    /// <summary>A JSON object.</summary>
    public string AssignmentRules { get; set; } = "{}";

    /// <summary>In hundredths of a per cent.</summary>
    public int DiscountPercentage { get; set; }

    public bool PrioritySupport { get; set; }

    public bool FreeShipping { get; set; }

    /// <summary>How many entries the audit has: the number of the last one.</summary>
    public long AuditEntries { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }

    /// <summary>What the search looks into.</summary>
    public string SearchText { get; private set; } = "";

    public void Index()
    {
        NameKey = TextFolding.NameKey(Name);
        SearchText = TextFolding.SearchText(Name, Description);
    }

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

/// <summary>Who has a group's name.</summary>
[Table("group_names", TableClass.Claim)]
internal sealed class GroupName
{
    /// <summary>The name as compared: <see cref="TextFolding.NameKey"/>.</summary>
    public required string Name { get; init; }

    public required long GroupId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<GroupName>
    {
        public void Configure(EntityTypeBuilder<GroupName> builder) => builder.HasKey(n => n.Name);
    }
}

/// <summary>
/// How many members a group has, and how many came and went: a row of its own, so that joining writes nothing to the group.
/// Whoever writes memberships of a group locks it first (<see cref="ClienteleDb.LockCountsAsync"/>) and reads afterwards: so no decision
/// is based on what was before another's, and the numbers of changes are in the order in which they are committed.
/// </summary>
[Table("group_counts", TableClass.Local)]
internal sealed class GroupCount
{
    public required long GroupId { get; init; }

    public required long Members { get; set; }

    /// <summary>The number of the last change.</summary>
    public long LastSeq { get; set; }

    /// <summary>The instant of the last change: a node whose clock is behind must not undo what the clock did.</summary>
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
/// What is known of a customer and a group. Without foreign keys: those who write it hold the group's count, and a customer who is gone is
/// evaluated like one who has changed.
/// </summary>
[Table("memberships", TableClass.Owned)]
internal sealed class Membership
{
    public required long CustomerId { get; init; }

    public required long GroupId { get; init; }

    public required MembershipOrigin Origin { get; set; }

    /// <summary>What all readers ask. Somebody who was added by hand is no member while inactive.</summary>
    public required bool IsMember { get; set; }

    /// <summary>When it was decided by hand, or the rule first said so.</summary>
    public required DateTime ChangedAt { get; set; }

    /// <summary>The admin who decided it by hand.</summary>
    public long? ChangedBy { get; set; }

    /// <summary>Of a member: when they entered.</summary>
    public DateTime? EnteredAt { get; set; }

    /// <summary>Of a member: the number of their entering in the group's changes.</summary>
    public long? EnteredSeq { get; set; }

    /// <summary>Of a member: why they entered.</summary>
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

/// <summary>Why a customer is, or is not, in a group. Excluded beats included, and included beats the rule.</summary>
internal enum MembershipOrigin
{
    Excluded = 0,
    Included = 1,
    Rule = 2,
}
