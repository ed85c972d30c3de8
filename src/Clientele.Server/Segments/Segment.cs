using Clientele.Server.Data;
using Clientele.Server.Groups;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Query;

namespace Clientele.Server.Segments;

/// <summary>The state of the evaluation of a group with a rule.</summary>
[Table("segments", TableClass.Local)]
internal sealed class Segment
{
    public required long GroupId { get; init; }

    public required SegmentState State { get; set; }

    /// <summary>The progress of a build, in percent.</summary>
    public int Progress { get; set; }

    /// <summary>Increases whenever all customers must be evaluated again. A build that began with an older version is no longer valid.</summary>
    public required int Version { get; set; }

    /// <summary>When all customers were last evaluated.</summary>
    public DateTime? EvaluatedAt { get; set; }

    /// <summary>Changes caused by time are applied up to this instant.</summary>
    public DateTime? SweptAt { get; set; }

    /// <summary>Why the rule cannot be evaluated.</summary>
    public string? Error { get; set; }

    /// <summary>What the members depend on, or will depend on after the build, besides the rule: the tiers and the version of the rule engine.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>Until then a node holds the lease to build it.</summary>
    public required DateTime ClaimedUntil { get; set; }

    /// <summary>Starts a new evaluation of all customers, by any node.</summary>
    public static Task<int> RebuildAsync(IQueryable<Segment> segments, CancellationToken cancellationToken) =>
        segments.ExecuteUpdateAsync(set => Begin(set).SetProperty(s => s.ClaimedUntil, DateTime.UnixEpoch), cancellationToken);

    /// <summary>Starts a new evaluation of all customers with these settings. For a while, only nodes with the same settings may begin it.</summary>
    public static Task<int> RebuildAsync(IQueryable<Segment> segments, string fingerprint, DateTime now, CancellationToken cancellationToken) =>
        segments.ExecuteUpdateAsync(set => Begin(set).SetProperty(s => s.Fingerprint, fingerprint).SetProperty(s => s.ClaimedUntil, now), cancellationToken);

    private static UpdateSettersBuilder<Segment> Begin(UpdateSettersBuilder<Segment> set) => set
        .SetProperty(s => s.State, SegmentState.Building).SetProperty(s => s.Progress, 0).SetProperty(s => s.Error, (string?)null).SetProperty(s => s.Version, s => s.Version + 1);

    internal sealed class Configuration : IEntityTypeConfiguration<Segment>
    {
        public void Configure(EntityTypeBuilder<Segment> builder)
        {
            builder.HasKey(s => s.GroupId);
            builder.HasOne<Group>().WithOne().HasForeignKey<Segment>(s => s.GroupId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>The numbers are stored and must never change their meaning.</summary>
internal enum SegmentState
{
    Building = 0,
    Ready = 1,
    Error = 2,
}

/// <summary>
/// The durable queue: customers whose data has changed and who have not been evaluated since. Every writer adds a row in its own transaction and
/// never touches another, so nobody waits and no change is lost. Rows remain when the customer is deleted.
/// </summary>
[Table("segment_changes", TableClass.Owned)]
internal sealed class SegmentChange
{
    /// <summary>As <see cref="GroupId"/>: all groups whose rules read what has changed.</summary>
    public const long AllGroups = 0;

    public required long CustomerId { get; init; }

    /// <summary>The id of the writing transaction, roughly in the order of time.</summary>
    public required long Id { get; init; }

    /// <summary>The one group to evaluate; <see cref="AllGroups"/> for all groups whose rules read what has changed.</summary>
    public required long GroupId { get; init; }

    public required Facets Facets { get; set; }

    public required Cause Cause { get; set; }

    public required DateTime QueuedAt { get; init; }

    /// <summary>Until then a worker holds the lease.</summary>
    public required DateTime ClaimedUntil { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<SegmentChange>
    {
        public void Configure(EntityTypeBuilder<SegmentChange> builder)
        {
            builder.HasKey(c => new { c.CustomerId, c.Id, c.GroupId });
            builder.HasIndex(c => c.Id);
        }
    }
}

/// <summary>
/// A finished period of membership. The period of a current member is in the membership itself. The row remains, with the bare id, when the customer
/// is deleted.
/// </summary>
[Table("membership_spells", TableClass.Owned)]
internal sealed class MembershipSpell
{
    public required long CustomerId { get; init; }

    public required long GroupId { get; init; }

    /// <summary>The number of the entry in the group's changes.</summary>
    public required long EnteredSeq { get; init; }

    public required DateTime EnteredAt { get; init; }

    public required Cause EnteredCause { get; init; }

    /// <summary>The number of the exit in the group's changes.</summary>
    public required long LeftSeq { get; init; }

    public required DateTime LeftAt { get; init; }

    public required Cause LeftCause { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<MembershipSpell>
    {
        public void Configure(EntityTypeBuilder<MembershipSpell> builder)
        {
            builder.HasKey(s => new { s.CustomerId, s.GroupId, s.EnteredSeq });
            builder.HasIndex(s => new { s.GroupId, s.EnteredSeq });
            builder.HasIndex(s => new { s.GroupId, s.LeftSeq });
        }
    }
}

/// <summary>A group whose rule refers to another group. The reference keeps the other group from being deleted.</summary>
[Table("group_references", TableClass.Local)]
internal sealed class GroupReference
{
    public required long GroupId { get; init; }

    public required long RefersTo { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<GroupReference>
    {
        public void Configure(EntityTypeBuilder<GroupReference> builder)
        {
            builder.HasKey(r => new { r.GroupId, r.RefersTo });
            builder.HasIndex(r => r.RefersTo);
            builder.HasOne<Group>().WithMany().HasForeignKey(r => r.GroupId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Group>().WithMany().HasForeignKey(r => r.RefersTo).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>A single row. Every change of a group locks it first, so that two changes at the same time cannot create a cycle.</summary>
[Table("group_graph", TableClass.Local)]
internal sealed class GroupGraphVersion
{
    public required int Id { get; init; }

    public required long Version { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<GroupGraphVersion>
    {
        public void Configure(EntityTypeBuilder<GroupGraphVersion> builder) => builder.HasKey(g => g.Id);
    }
}
