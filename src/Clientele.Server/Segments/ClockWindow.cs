namespace Clientele.Server.Segments;

/// <summary>A period of one segment, both ends included. If <c>IsFinal</c>, this is the last query for the period, except for its end.</summary>
internal sealed record ClockWindow(LiveSegment Segment, DateTime From, DateTime To, bool IsFinal);
