using Clientele.Server.Data;
using Clientele.Server.Groups;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Query;

namespace Clientele.Server.Segments;

/// <summary>How far the evaluation of a group with a rule has come.</summary>
[Table("segments", TableClass.Local)]
internal sealed class Segment
{
    public required long GroupId { get; init; }

    public required SegmentState State { get; set; }

    /// <summary>Of a build, in per cent.</summary>
    public int Progress { get; set; }

    /// <summary>Moves whenever all has to be evaluated anew: a build that began before is none any more.</summary>
    public required int Version { get; set; }

    /// <summary>When everybody was last evaluated.</summary>
    public DateTime? EvaluatedAt { get; set; }

    /// <summary>What the clock did until then is done.</summary>
    public DateTime? SweptAt { get; set; }

    /// <summary>Why the rule cannot be evaluated.</summary>
    public string? Error { get; set; }

    /// <summary>Of what, beside the rule, the members depend or are to depend: the tiers and the program.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>Until then a node is building it.</summary>
    public required DateTime ClaimedUntil { get; set; }

    /// <summary>Has the whole base evaluated anew from the beginning, by any node.</summary>
    public static Task<int> RebuildAsync(IQueryable<Segment> segments, CancellationToken cancellationToken) =>
        segments.ExecuteUpdateAsync(set => Begin(set).SetProperty(s => s.ClaimedUntil, DateTime.UnixEpoch), cancellationToken);

    /// <summary>Has the whole base evaluated anew as these settings have it: for a while, only by nodes that have the same.</summary>
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

/// <summary>The numbers are kept, so they never change their meaning.</summary>
internal enum SegmentState
{
    Building = 0,
    Ready = 1,
    Error = 2,
}

/// <summary>
/// The durable queue: a customer of whom something has changed and who is not evaluated since. Whoever writes adds a row in the
/// writing transaction and never touches another, so nobody waits and nothing is lost. It outlives the customer.
/// </summary>
[Table("segment_changes", TableClass.Owned)]
internal sealed class SegmentChange
{
    /// <summary>As <see cref="GroupId"/>: whatever reads what has changed.</summary>
    public const long AllGroups = 0;

    public required long CustomerId { get; init; }

    /// <summary>The transaction's number, roughly in the order of time.</summary>
    public required long Id { get; init; }

    /// <summary>The one group that is to be evaluated; <see cref="AllGroups"/> for all that read what has changed.</summary>
    public required long GroupId { get; init; }

    public required Facets Facets { get; set; }

    public required Cause Cause { get; set; }

    public required DateTime QueuedAt { get; init; }

    /// <summary>Until then a worker has it.</summary>
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

/// <summary>A time as a member that is over. That of a present member is in the membership itself. It outlives the customer as a bare number.</summary>
[Table("membership_spells", TableClass.Owned)]
internal sealed class MembershipSpell
{
    public required long CustomerId { get; init; }

    public required long GroupId { get; init; }

    /// <summary>The number of the entering in the group's changes.</summary>
    public required long EnteredSeq { get; init; }

    public required DateTime EnteredAt { get; init; }

    public required Cause EnteredCause { get; init; }

    /// <summary>The number of the leaving in the group's changes.</summary>
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

/// <summary>A group whose rule asks for the members of another: what keeps the other from being deleted.</summary>
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

/// <summary>The one row that whoever changes a group locks first, so that two of them together cannot close a circle.</summary>
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
