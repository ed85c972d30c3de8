using System.ComponentModel.DataAnnotations;

namespace Clientele.Client;

/// <summary>The statistics of a customer: <c>GET …/stats/</c>.</summary>
public sealed record StatsResponse
{
    /// <summary>The number of orders that count: all except pending, cancelled and fully refunded ones.</summary>
    /// <example>15</example>
    public required int TotalOrders { get; init; }

    /// <summary>The total of those orders less refunds, in the store's currency.</summary>
    /// <example>"2450.00"</example>
    public required decimal TotalSpent { get; init; }

    /// <summary><c>total_spent / total_orders</c> to the cent; <c>"0.00"</c> without orders.</summary>
    /// <example>"163.33"</example>
    public required decimal AverageOrderValue { get; init; }

    /// <summary>When the newest of those orders was placed.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? LastOrderDate { get; init; }

    /// <summary>The points that can be spent now.</summary>
    /// <example>2450</example>
    public required long LoyaltyPoints { get; init; }

    /// <summary>The loyalty tier.</summary>
    /// <example>silver</example>
    public required string LoyaltyTier { get; init; }
}

/// <summary>Puts a product on a wishlist: <c>PUT …/wishlist/{product_id}/</c>.</summary>
public sealed record WishlistItemRequest
{
    /// <summary>The product's name.</summary>
    /// <example>Red T-shirt, M</example>
    [Required, StringLength(255)]
    public string Name { get; set; } = "";

    /// <summary>The product's page: an http or https address.</summary>
    /// <example>https://shop.example/p/100</example>
    [StringLength(2000)]
    public string? Url { get; set; }

    /// <summary>The product's price.</summary>
    /// <example>"19.90"</example>
    public decimal? Price { get; set; }

    /// <summary>The currency of the price, an ISO 4217 code.</summary>
    /// <example>USD</example>
    [StringLength(3)]
    public string? Currency { get; set; }
}

/// <summary>A product on a wishlist.</summary>
public sealed record WishlistItemResponse
{
    /// <summary>The product's id.</summary>
    /// <example>p-100</example>
    public required string ProductId { get; init; }

    /// <summary>The product's name.</summary>
    /// <example>Red T-shirt, M</example>
    public required string Name { get; init; }

    /// <summary>The product's page.</summary>
    /// <example>https://shop.example/p/100</example>
    public required string? Url { get; init; }

    /// <summary>The product's price.</summary>
    /// <example>"19.90"</example>
    public required decimal? Price { get; init; }

    /// <summary>The currency of the price.</summary>
    /// <example>USD</example>
    public required string? Currency { get; init; }

    /// <summary>When the product was first put on the list.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime AddedAt { get; init; }
}

/// <summary>A review from the shop's review system: <c>PUT /api/reviews/{review_id}/</c>.</summary>
public sealed record ReviewRequest
{
    /// <summary>
    /// The customer: id, UUID or proven e-mail; required for a new review. A known review keeps its customer, whose e-mail is then not compared.
    /// </summary>
    /// <example>123</example>
    public CustomerReference? Customer { get; set; }

    /// <summary>The product's id.</summary>
    /// <example>p-100</example>
    [Required, StringLength(100)]
    public string ProductId { get; set; } = "";

    /// <summary>The rating, from 1 to 5.</summary>
    /// <example>5</example>
    [Required, Range(1, 5, ErrorMessage = "Must be between 1 and 5.")]
    public int? Rating { get; set; }

    /// <summary>The title.</summary>
    /// <example>Fits well</example>
    [StringLength(255)]
    public string? Title { get; set; }

    /// <summary>The text.</summary>
    /// <example>Soft, and the colour stays.</example>
    [StringLength(10_000)]
    public string? Body { get; set; }

    /// <summary>When it was written; now by default.</summary>
    /// <example>2025-10-20T08:00:00Z</example>
    public DateTime? CreatedAt { get; set; }

    /// <summary>The revision; it must grow with every update. A revision that is not newer changes nothing.</summary>
    /// <example>1</example>
    [Required, Range(0, long.MaxValue, ErrorMessage = "Must not be negative.")]
    public long? Revision { get; set; }
}

/// <summary>The stored copy of a review.</summary>
public sealed record ReviewResponse
{
    /// <summary>The review's id in the shop's review system.</summary>
    /// <example>r-500</example>
    public required string ReviewId { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>The product's id.</summary>
    /// <example>p-100</example>
    public required string ProductId { get; init; }

    /// <summary>The rating, from 1 to 5.</summary>
    /// <example>5</example>
    public required int Rating { get; init; }

    /// <summary>The title.</summary>
    /// <example>Fits well</example>
    public required string? Title { get; init; }

    /// <summary>The text.</summary>
    /// <example>Soft, and the colour stays.</example>
    public required string? Body { get; init; }

    /// <summary>When it was written.</summary>
    /// <example>2025-10-20T08:00:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>The newest revision that has arrived.</summary>
    /// <example>1</example>
    public required long Revision { get; init; }
}
