namespace Clientele.Client;

/// <summary>The data of <c>group.entered</c> and <c>group.left</c>.</summary>
public sealed record GroupMovedData
{
    /// <summary>The group's id.</summary>
    /// <example>3</example>
    public required long Group { get; init; }

    /// <summary>Why.</summary>
    /// <example>order</example>
    [OneOf(typeof(GroupChangeCause))]
    public required string Cause { get; init; }
}
