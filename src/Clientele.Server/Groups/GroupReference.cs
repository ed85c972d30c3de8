namespace Clientele.Server.Groups;

/// <summary>A group whose rule refers to another group. The reference keeps the other group from being deleted.</summary>
[Table("group_references", TableClass.Local)]
internal sealed class GroupReference
{
    public required long GroupId { get; init; }

    public required long RefersTo { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<GroupReference>
    {
        public void Configure(EntityTypeBuilder<GroupReference> builder)
        {
            builder.HasKey(r => new { r.GroupId, r.RefersTo });
            builder.HasIndex(r => r.RefersTo);
            builder.HasOne<Group>().WithMany().HasForeignKey(r => r.GroupId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Group>().WithMany().HasForeignKey(r => r.RefersTo).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
