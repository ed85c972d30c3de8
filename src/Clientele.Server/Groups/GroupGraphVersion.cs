namespace Clientele.Server.Groups;

/// <summary>A single row. Every change of a group locks it first, so that two changes at the same time cannot create a cycle.</summary>
[Table("group_graph", TableClass.Local)]
internal sealed class GroupGraphVersion
{
    public required int Id { get; init; }

    public required long Version { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<GroupGraphVersion>
    {
        public void Configure(EntityTypeBuilder<GroupGraphVersion> builder) => builder.HasKey(g => g.Id);
    }
}
