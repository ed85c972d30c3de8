namespace Clientele.Server.History;

/// <summary>A line of an order.</summary>
[Table("order_lines", TableClass.Owned)]
internal sealed class OrderItem
{
    public required long CustomerId { get; init; }

    public required string OrderNumber { get; init; }

    public required int LineNumber { get; init; }

    public required string ProductId { get; init; }

    public required string? Sku { get; init; }

    public required string Name { get; init; }

    public required string? Category { get; init; }

    public required int Quantity { get; init; }

    public required long UnitPrice { get; init; }

    public required int RefundedQuantity { get; init; }

    /// <summary>The price of the units that were not refunded, in minor units of the store's currency, rounded once.</summary>
    public required long Amount { get; init; }

    /// <summary>The texts in the form that rules compare: <see cref="TextFolding.NameKey"/>.</summary>
    public string ProductKey { get; private set; } = "";

    public string? SkuKey { get; private set; }

    public string NameKey { get; private set; } = "";

    public string? CategoryKey { get; private set; }

    /// <summary>Derives the values that rules compare.</summary>
    public OrderItem DeriveKeys()
    {
        ProductKey = TextFolding.NameKey(ProductId);
        SkuKey = Sku is null ? null : TextFolding.NameKey(Sku);
        NameKey = TextFolding.NameKey(Name);
        CategoryKey = Category is null ? null : TextFolding.NameKey(Category);
        return this;
    }

    public OrderLine ToLine() => new()
    {
        LineNumber = LineNumber,
        ProductId = ProductId,
        Sku = Sku,
        Name = Name,
        Category = Category,
        Quantity = Quantity,
        UnitPrice = UnitPrice / 100m,
        RefundedQuantity = RefundedQuantity,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<OrderItem>
    {
        public void Configure(EntityTypeBuilder<OrderItem> builder)
        {
            builder.HasKey(l => new { l.CustomerId, l.OrderNumber, l.LineNumber });
            builder.HasOne<Order>().WithMany().HasForeignKey(l => new { l.CustomerId, l.OrderNumber }).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
