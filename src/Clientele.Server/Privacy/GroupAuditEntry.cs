namespace Clientele.Server.Privacy;

[Table("group_audit_entries", TableClass.Local, AppendOnly = true)]
[PrimaryKey(nameof(GroupId), nameof(Sequence))]
internal sealed class GroupAuditEntry : AuditEntryBase
{
    public required long GroupId { get; init; }

    public required string? Network { get; init; }

    /// <inheritdoc cref="AuditDetails.ActorName"/>
    public string? ActorName { get; init; }

    public required string Changes { get; init; }

    public override long Owner => GroupId;
}
