namespace Clientele.Server.Customers;

/// <summary>The customer of a UUID.</summary>
[Table("customer_uuids", TableClass.Claim)]
[PrimaryKey(nameof(Uuid))]
internal sealed class CustomerUuid
{
    public required Guid Uuid { get; init; }

    public required long CustomerId { get; init; }
}
