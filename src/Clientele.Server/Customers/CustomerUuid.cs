namespace Clientele.Server.Customers;

/// <summary>The customer of a UUID.</summary>
[Table("customer_uuids", TableClass.Claim)]
internal sealed class CustomerUuid
{
    public required Guid Uuid { get; init; }

    public required long CustomerId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<CustomerUuid>
    {
        public void Configure(EntityTypeBuilder<CustomerUuid> builder) => builder.HasKey(u => u.Uuid);
    }
}
