namespace Clientele.Server.Groups;

/// <summary>The claim on a group's name.</summary>
[Table("group_names", TableClass.Claim)]
[PrimaryKey(nameof(Name))]
internal sealed class GroupName
{
    /// <summary>The name in the form that is compared: <see cref="TextFolding.NameKey"/>.</summary>
    public required string Name { get; init; }

    public required long GroupId { get; init; }
}
