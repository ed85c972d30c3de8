using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

/// <summary>A group with the number of its members.</summary>
internal sealed class CountedGroup
{
    public required Group Group { get; init; }

    public required long Members { get; init; }

    /// <summary>Null if no rule decides.</summary>
    public Segment? Segment { get; init; }

    public GroupResponse ToResponse() => Group.ToResponse(Members, Segment);
}
