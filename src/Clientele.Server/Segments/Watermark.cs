namespace Clientele.Server.Segments;

/// <summary>How far a node has queried a segment for changes that time causes.</summary>
internal sealed class Watermark((int Segment, int Group) version, DateTime until)
{
    public (int Segment, int Group) Version => version;

    public DateTime Until { get; set; } = until;

    /// <summary>
    /// The window in which too many customers are due to update them one by one; null if there is none. Nothing more is queried until they are
    /// updated in bulk.
    /// </summary>
    public ClockWindow? Bulk { get; set; }

    /// <summary>When each final query was made, and the number of the group's last change at that time.</summary>
    public Queue<(DateTime At, long Seq)> FinalQueries { get; } = [];

    /// <summary>The number of the last change before an instant; null if unknown.</summary>
    public long? LastChangeBefore(DateTime instant)
    {
        while (FinalQueries.Count > 1 && FinalQueries.ElementAt(1).At <= instant)
        {
            FinalQueries.Dequeue();
        }

        return FinalQueries.TryPeek(out var query) && query.At <= instant ? query.Seq : null;
    }
}
