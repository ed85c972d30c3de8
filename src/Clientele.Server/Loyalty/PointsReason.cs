namespace Clientele.Server.Loyalty;

/// <summary>The reason of an entry as free text. It is not in the ledger, so that an erasure can remove it.</summary>
[Table("points_reasons", TableClass.Owned)]
internal sealed class PointsReason
{
    public required long CustomerId { get; init; }

    public required long EntryId { get; init; }

    public required string Reason { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<PointsReason>
    {
        public void Configure(EntityTypeBuilder<PointsReason> builder)
        {
            builder.HasKey(r => new { r.CustomerId, r.EntryId });
            builder.HasOne<Customer>().WithMany().HasForeignKey(r => r.CustomerId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
