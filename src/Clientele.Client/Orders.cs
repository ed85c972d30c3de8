using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>An order from the shop's order system: <c>PUT /api/orders/{order_number}/</c>.</summary>
public record OrderRequest
{
    /// <summary>
    /// The customer: id, UUID or proven e-mail; required for a new order. A known order keeps its customer, whose e-mail is then not compared.
    /// </summary>
    /// <example>123</example>
    public CustomerReference? Customer { get; set; }

    /// <summary>
    /// <c>pending</c>, <c>paid</c>, <c>processing</c>, <c>shipped</c>, <c>delivered</c>, <c>cancelled</c>, <c>partially_refunded</c> or
    /// <c>refunded</c>.
    /// </summary>
    /// <example>delivered</example>
    [Required, OneOf(typeof(OrderStatus))]
    public string Status { get; set; } = "";

    /// <summary>The currency of the amounts, an ISO 4217 code; the store's by default.</summary>
    /// <example>USD</example>
    [StringLength(3)]
    public string? Currency { get; set; }

    /// <summary>The value of one unit of the order's currency in the store's currency; required if the two differ.</summary>
    /// <example>"1"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public decimal? ExchangeRate { get; set; }

    /// <summary>The order's total, in its currency.</summary>
    /// <example>"163.33"</example>
    [Required]
    public decimal? Total { get; set; }

    /// <summary>The refunded part of the total; <c>status: refunded</c> means all of it.</summary>
    /// <example>"0.00"</example>
    public decimal Refunded { get; set; }

    /// <summary>When the order was placed: since 1990, and at most 24 hours ahead.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    [Required]
    public DateTime? PlacedAt { get; set; }

    /// <summary>The revision; it must grow with every update. A revision that is not newer changes nothing.</summary>
    /// <example>1</example>
    [Required, Range(0, long.MaxValue, ErrorMessage = "Must not be negative.")]
    public long? Revision { get; set; }

    /// <summary>The lines, at most 1000.</summary>
    [MaxLength(1000, ErrorMessage = "At most 1000 lines.")]
    public IReadOnlyList<OrderLine> Lines { get; set; } = [];
}

/// <summary>A line of an order.</summary>
public sealed record OrderLine
{
    /// <summary>The line's number, unique in its order.</summary>
    /// <example>1</example>
    [Range(0, int.MaxValue, ErrorMessage = "Must not be negative.")]
    public required int LineNumber { get; init; }

    /// <summary>The product's id.</summary>
    /// <example>p-100</example>
    [StringLength(100)]
    public required string ProductId { get; init; }

    /// <summary>The stock-keeping unit.</summary>
    /// <example>TEE-RED-M</example>
    [StringLength(100)]
    public string? Sku { get; init; }

    /// <summary>The product's name.</summary>
    /// <example>Red T-shirt, M</example>
    [StringLength(255)]
    public required string Name { get; init; }

    /// <summary>The product's category.</summary>
    /// <example>shirts</example>
    [StringLength(100)]
    public string? Category { get; init; }

    /// <summary>The quantity.</summary>
    /// <example>2</example>
    [Range(1, int.MaxValue, ErrorMessage = "Must be at least 1.")]
    public required int Quantity { get; init; }

    /// <summary>The price of one unit, in the order's currency.</summary>
    /// <example>"19.90"</example>
    public required decimal UnitPrice { get; init; }

    /// <summary>How many units were refunded.</summary>
    /// <example>0</example>
    [Range(0, int.MaxValue, ErrorMessage = "Must not be negative.")]
    public int RefundedQuantity { get; init; }
}

/// <summary>The stored copy of an order.</summary>
public sealed record OrderResponse
{
    /// <summary>The order's number in the shop's order system.</summary>
    /// <example>1001</example>
    public required string OrderNumber { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>The status.</summary>
    /// <example>delivered</example>
    [OneOf(typeof(OrderStatus))]
    public required string Status { get; init; }

    /// <summary>The currency of the amounts.</summary>
    /// <example>USD</example>
    public required string Currency { get; init; }

    /// <summary>The value of one unit of that currency in the store's currency.</summary>
    /// <example>"1"</example>
    [JsonConverter(typeof(ExchangeRateConverter))]
    public required decimal ExchangeRate { get; init; }

    /// <summary>The order's total.</summary>
    /// <example>"163.33"</example>
    public required decimal Total { get; init; }

    /// <summary>The refunded part of the total.</summary>
    /// <example>"0.00"</example>
    public required decimal Refunded { get; init; }

    /// <summary>When the order was placed.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime PlacedAt { get; init; }

    /// <summary>The newest revision that has arrived.</summary>
    /// <example>1</example>
    public required long Revision { get; init; }

    /// <summary>The lines, ordered by their number.</summary>
    public required IReadOnlyList<OrderLine> Lines { get; init; }
}

/// <summary>The result of one order of a batch.</summary>
public sealed record OrderResult
{
    /// <summary>In a stream, the line that had the order: from 1, and blank lines count.</summary>
    /// <example>1</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }

    /// <summary>The order's number; null if it could not be read.</summary>
    /// <example>1001</example>
    public required string? OrderNumber { get; init; }

    /// <summary>The HTTP status that a PUT of this order would have had.</summary>
    /// <example>400</example>
    public required int Status { get; init; }

    /// <summary>The code of the problem, if the order failed: <c>validation_failed</c>, <c>customer_unknown</c> or <c>customer_changed</c>.</summary>
    /// <example>customer_unknown</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [OneOf(typeof(OrderFailureCode))]
    public string? Code { get; init; }

    /// <summary>Messages by member, if the order failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}

/// <summary>The response of <c>POST /api/orders/batch/</c>.</summary>
public sealed record OrderBatchResponse
{
    /// <summary>One result for each order, in the order of the request.</summary>
    public required IReadOnlyList<OrderResult> Results { get; init; }
}

/// <summary>Several orders: <c>POST /api/orders/batch/</c>. Each is an <see cref="OrderRequest"/> with its <c>order_number</c>.</summary>
public sealed record OrderBatchRequest
{
    /// <summary>At most 1000 orders.</summary>
    [Required]
    public IReadOnlyList<BatchedOrder>? Orders { get; set; }
}

/// <summary>An order of a batch.</summary>
public sealed record BatchedOrder : OrderRequest
{
    /// <summary>The order's number.</summary>
    /// <example>1001</example>
    [Required, StringLength(100)]
    public string OrderNumber { get; set; } = "";
}
