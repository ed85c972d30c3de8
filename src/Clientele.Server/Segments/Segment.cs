using Clientele.Server.Groups;
using Microsoft.EntityFrameworkCore.Query;

namespace Clientele.Server.Segments;

/// <summary>The state of the evaluation of a group with a rule.</summary>
[Table("segments", TableClass.Local)]
[PrimaryKey(nameof(GroupId))]
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
        .SetProperty(s => s.State, SegmentState.Building).SetProperty(s => s.Progress, 0).SetProperty(s => s.Error, (string?)null)
        .SetProperty(s => s.Version, s => s.Version + 1);

    internal sealed class Configuration : IEntityTypeConfiguration<Segment>
    {
        public void Configure(EntityTypeBuilder<Segment> builder) =>
            builder.HasOne<Group>().WithOne().HasForeignKey<Segment>(s => s.GroupId).OnDelete(DeleteBehavior.Cascade);
    }
}
