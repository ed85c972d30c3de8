namespace Clientele.Server.Segments;

/// <summary>The current state of a segment, with its rule.</summary>
/// <param name="Version">The versions of the segment and of its group. A result for one version must not be applied to another.</param>
internal sealed record LiveSegment(
    long GroupId, SegmentState State, (int Segment, int Group) Version, bool IsBegun, DateTime? SweptAt, Rule? Rule, string? Error)
{
    public bool CanBeEvaluated => State == SegmentState.Ready && Rule is not null;
}
