using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>The data of <c>order.recorded</c>: the order as it is stored now, without its lines.</summary>
public sealed record OrderRecordedData
{
    /// <summary>The order's number in the shop's order system.</summary>
    /// <example>1001</example>
    public required string OrderNumber { get; init; }

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

    /// <summary>The revision.</summary>
    /// <example>1</example>
    public required long Revision { get; init; }
}
