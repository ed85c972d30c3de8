using System.Linq.Expressions;
using System.Text.Json;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Groups;

/// <summary>A group and how many members it has.</summary>
internal sealed class CountedGroup
{
    public required Group Group { get; init; }

    public required long Members { get; init; }

    public GroupResponse ToResponse() => Group.ToResponse(Members);
}

[Table("groups", TableClass.Reference)]
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

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }

    /// <summary>What the search looks into.</summary>
    public string SearchText { get; private set; } = "";

    public void Index()
    {
        NameKey = TextFolding.NameKey(Name);
        SearchText = TextFolding.SearchText(Name, Description);
    }

    public GroupResponse ToResponse(long members) => new()
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

/// <summary>How many members a group has: a row of its own, so that joining writes nothing to the group.</summary>
[Table("group_counts", TableClass.Reference)]
internal sealed class GroupCount
{
    public required long GroupId { get; init; }

    public required long Members { get; set; }

    /// <summary>In the transaction of the memberships that it counts.</summary>
    public static Task<int> AddAsync(ClienteleDb db, long groupId, int delta, CancellationToken cancellationToken) =>
        db.GroupCounts.Where(c => c.GroupId == groupId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Members, c => c.Members + delta), cancellationToken);

    internal sealed class Configuration : IEntityTypeConfiguration<GroupCount>
    {
        public void Configure(EntityTypeBuilder<GroupCount> builder)
        {
            builder.HasKey(c => c.GroupId);
            builder.HasOne<Group>().WithOne().HasForeignKey<GroupCount>(c => c.GroupId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What is known of a customer and a group.</summary>
[Table("memberships", TableClass.Owned)]
internal sealed class Membership
{
    public required long CustomerId { get; init; }

    public required long GroupId { get; init; }

    public required MembershipOrigin Origin { get; set; }

    public required DateTime ChangedAt { get; set; }

    /// <summary>The admin who decided it by hand.</summary>
    public long? ChangedBy { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Membership>
    {
        public void Configure(EntityTypeBuilder<Membership> builder)
        {
            builder.HasKey(m => new { m.CustomerId, m.GroupId });
            builder.HasIndex(m => new { m.GroupId, m.CustomerId });
            builder.HasOne<Customer>().WithMany().HasForeignKey(m => m.CustomerId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Group>().WithMany().HasForeignKey(m => m.GroupId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>Why a customer is, or is not, in a group. Excluded beats included.</summary>
internal enum MembershipOrigin
{
    Excluded = 0,
    Included = 1,
}
