using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Query;

namespace Clientele.Server.Segments;

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

    /// <summary>
    /// Whether the change can affect who is in a group. A customer who is new or deleted, or became active or inactive, affects all groups, whatever
    /// their rules read.
    /// </summary>
    public bool Concerns(LiveSegment segment) => GroupId == segment.GroupId
        || (GroupId == AllGroups && ((Facets & Facets.IsActive) != 0 || (segment.Rule is { } rule && (rule.Reads & Facets) != 0)));

    internal sealed class Configuration : IEntityTypeConfiguration<SegmentChange>
    {
        public void Configure(EntityTypeBuilder<SegmentChange> builder)
        {
            builder.HasKey(c => new { c.CustomerId, c.Id, c.GroupId });
            builder.HasIndex(c => c.Id);
        }
    }
}
