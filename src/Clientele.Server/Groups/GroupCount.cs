namespace Clientele.Server.Groups;

/// <summary>
/// The number of members and of changes of a group, and the lock for all writes of its memberships. It is a row of its own, so that joining a group
/// does not write the group's row. Every write of memberships locks this row first (<see cref="MembershipLog"/>) and reads afterwards. So no decision
/// is based on data from before another's commit, and changes are numbered in the order of their commits.
/// </summary>
[Table("group_counts", TableClass.Local)]
[PrimaryKey(nameof(GroupId))]
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
        public void Configure(EntityTypeBuilder<GroupCount> builder) =>
            builder.HasOne<Group>().WithOne().HasForeignKey<GroupCount>(c => c.GroupId).OnDelete(DeleteBehavior.Cascade);
    }
}
