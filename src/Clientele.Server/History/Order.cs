using System.ComponentModel.DataAnnotations;
using Clientele.Server.Customers;
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

/// <summary>A compact copy of an order that another system owns.</summary>
[Table("orders", TableClass.Owned)]
internal sealed class Order
{
    /// <summary>The statuses of an order that has been delivered, as far as a single revision shows.</summary>
    public static readonly string[] Delivered = ["delivered", "partially_refunded"];

    public required long CustomerId { get; init; }

    public required string OrderNumber { get; init; }

    /// <summary>The number in the form that rules compare: <see cref="TextFolding.NameKey"/>.</summary>
    public string NumberKey { get; private set; } = "";

    public required string Status { get; set; }

    public required string Currency { get; set; }

    /// <summary>In units of 10⁻¹⁰.</summary>
    public required long ExchangeRate { get; set; }

    /// <summary>In minor units of the order's currency, like <see cref="Refunded"/>.</summary>
    public required long Total { get; set; }

    public required long Refunded { get; set; }

    /// <summary>The total less refunds, in minor units of the store's currency, rounded once.</summary>
    public required long Net { get; set; }

    /// <summary>Whether the order counts in the statistics.</summary>
    public required bool Counts { get; set; }

    public required DateTime PlacedAt { get; set; }

    public required long Revision { get; set; }

    /// <summary>When this revision was received.</summary>
    public required DateTime ReceivedAt { get; set; }

    /// <summary>Derives the values that rules compare.</summary>
    public Order Index()
    {
        NumberKey = TextFolding.NameKey(OrderNumber);
        return this;
    }

    public OrderResponse ToResponse(IEnumerable<OrderItem> items) => new()
    {
        OrderNumber = OrderNumber,
        Customer = CustomerId,
        Status = Status,
        Currency = Currency,
        ExchangeRate = ExchangeRate / Rates.Scale,
        Total = Total / 100m,
        Refunded = Refunded / 100m,
        PlacedAt = PlacedAt,
        Revision = Revision,
        Lines = [.. items.OrderBy(item => item.LineNumber).Select(item => item.ToLine())],
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Order>
    {
        public void Configure(EntityTypeBuilder<Order> builder)
        {
            builder.HasKey(o => new { o.CustomerId, o.OrderNumber });
            builder.HasIndex(o => new { o.CustomerId, o.PlacedAt });
            builder.HasIndex(o => o.PlacedAt);
            builder.HasOne<Customer>().WithMany().HasForeignKey(o => o.CustomerId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

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
    public OrderItem Index()
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

/// <summary>Exchange rates are stored as integers, because SQLite has no decimals.</summary>
internal static class Rates
{
    public const decimal Scale = 10_000_000_000m;
    public const decimal Highest = 100_000_000m;
}

/// <summary>The settings under <c>Store:</c>.</summary>
internal sealed class Store : IValidatableObject
{
    public const string Section = "Store";

    /// <summary>The currency of statistics and tiers, an ISO 4217 code.</summary>
    public string Currency { get; set; } = "USD";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Currencies.TryNormalise(Currency, out var known) || known != Currency)
        {
            yield return new($"Store:Currency: {Currency} is not an ISO 4217 code such as USD.");
        }
    }
}
