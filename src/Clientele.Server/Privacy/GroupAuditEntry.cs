namespace Clientele.Server.Privacy;

[Table("group_audit_entries", TableClass.Local, AppendOnly = true)]
internal sealed class GroupAuditEntry : AuditEntryBase
{
    public required long GroupId { get; init; }

    public required string? Network { get; init; }

    public required string Changes { get; init; }

    public override long Owner => GroupId;

    internal sealed class Configuration : IEntityTypeConfiguration<GroupAuditEntry>
    {
        public void Configure(EntityTypeBuilder<GroupAuditEntry> builder) => builder.HasKey(e => new { e.GroupId, e.Sequence });
    }
}
