namespace Clientele.Server.Loyalty;

/// <summary>The points that an entry took from a lot, or gave back to it (negative). What is left of a lot is its points less its allocations.</summary>
[Table("points_allocations", TableClass.Owned)]
internal sealed class PointsAllocation
{
    public required long CustomerId { get; init; }

    public required long EntryId { get; init; }

    public required long LotId { get; init; }

    public required long Points { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<PointsAllocation>
    {
        public void Configure(EntityTypeBuilder<PointsAllocation> builder)
        {
            builder.HasKey(a => new { a.CustomerId, a.EntryId, a.LotId });
            builder.HasOne<PointsLot>().WithMany().HasForeignKey(a => new { a.CustomerId, a.LotId }).OnDelete(DeleteBehavior.Cascade);
            builder.ToTable(table => table.HasCheckConstraint("ck_points_allocations_points", "points <> 0"));
        }
    }
}
