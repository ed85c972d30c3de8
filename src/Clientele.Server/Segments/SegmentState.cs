namespace Clientele.Server.Segments;

/// <summary>The numbers are stored and must never change their meaning.</summary>
internal enum SegmentState
{
    Building = 0,
    Ready = 1,
    Error = 2,
}
