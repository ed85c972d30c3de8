namespace Clientele.Server.Segments;

/// <summary>A rule that cannot be evaluated.</summary>
internal sealed class EvaluationException(LiveSegment segment, string message, Exception? reason = null) : Exception(message, reason)
{
    public EvaluationException(LiveSegment segment, Exception reason)
        : this(segment, $"The database cannot evaluate the rule: {reason.GetBaseException().Message}", reason)
    {
    }

    public long GroupId => segment.GroupId;

    public (int Segment, int Group) Version => segment.Version;
}
