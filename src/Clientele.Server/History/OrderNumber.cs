using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.History;

/// <summary>The customer of an order number. The row stays when the customer is erased, so that a redelivered order finds no customer.</summary>
[Table("order_numbers", TableClass.Claim)]
internal sealed class OrderNumber
{
    public required string Number { get; init; }

    public required long CustomerId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<OrderNumber>
    {
        public void Configure(EntityTypeBuilder<OrderNumber> builder) => builder.HasKey(n => n.Number);
    }
}
