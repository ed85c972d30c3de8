using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>A customer with all data that a rule can test, as plain values.</summary>
internal sealed record ModelCustomer
{
    public long Id { get; init; }

    public required string Username { get; init; }

    public string Email { get; init; } = "";

    public string FirstName { get; init; } = "";

    public string LastName { get; init; } = "";

    public string? Phone { get; init; }

    public bool PhoneVerified { get; init; }

    public bool IsActive { get; init; } = true;

    public bool IsVerified { get; init; }

    public bool IsVip { get; init; }

    public bool IsStaff { get; init; }

    public string? Gender { get; init; }

    public DateOnly? DateOfBirth { get; init; }

    public string PreferredLanguage { get; init; } = "en";

    public string PreferredCurrency { get; init; } = "USD";

    public bool AcceptsMarketingEmail { get; init; }

    public bool AcceptsMarketingSms { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public JsonObject Metadata { get; init; } = [];

    public DateTime DateJoined { get; init; }

    public DateTime? LastLogin { get; init; }

    public int TotalOrders { get; init; }

    public decimal TotalSpent { get; init; }

    public DateTime? LastOrderDate { get; init; }

    public string LoyaltyTier { get; init; } = "bronze";

    public long LoyaltyPoints { get; init; }

    /// <summary>The ids of the customer's groups.</summary>
    public IReadOnlyList<long> Groups { get; init; } = [];

    public IReadOnlyList<ModelOrder> Orders { get; init; } = [];

    public IReadOnlyList<ModelReview> Reviews { get; init; } = [];

    public IReadOnlyList<ModelWish> Wishlist { get; init; } = [];

    public IReadOnlyList<ModelAddress> Addresses { get; init; } = [];

    public IReadOnlyList<ModelPoints> Points { get; init; } = [];

    /// <summary>The same customer with the statistics computed from the orders.</summary>
    public ModelCustomer WithStatistics()
    {
        var counting = Orders.Where(order => order.Counts).ToList();
        return this with
        {
            TotalOrders = counting.Count,
            TotalSpent = counting.Sum(order => order.Net),
            LastOrderDate = counting.Count == 0 ? null : counting.Max(order => order.PlacedAt),
        };
    }
}

internal sealed record ModelOrder
{
    public required string OrderNumber { get; init; }

    public string Status { get; init; } = "paid";

    public string Currency { get; init; } = "USD";

    public decimal Rate { get; init; } = 1;

    public required decimal Total { get; init; }

    public decimal Refunded { get; init; }

    public required DateTime PlacedAt { get; init; }

    public IReadOnlyList<ModelLine> Lines { get; init; } = [];

    public bool Counts => Status is not ("pending" or "cancelled" or "refunded") && !(Refunded > 0 && Refunded == Total);

    /// <summary>What is left of the order, in the store's currency.</summary>
    public decimal Net => Math.Round((Total - Refunded) * Rate, 2, MidpointRounding.ToEven);
}

internal sealed record ModelLine(int LineNumber, string ProductId, string Name, int Quantity, decimal UnitPrice)
{
    public string? Sku { get; init; }

    public string? Category { get; init; }

    public int RefundedQuantity { get; init; }

    /// <summary>The part that was not refunded, in the store's currency.</summary>
    public decimal Amount(decimal rate) => Math.Round((Quantity - RefundedQuantity) * UnitPrice * rate, 2, MidpointRounding.ToEven);
}

internal sealed record ModelReview(string ProductId, int Rating, DateTime CreatedAt);

internal sealed record ModelWish(string ProductId, DateTime AddedAt);

/// <param name="Country">Alpha-3.</param>
internal sealed record ModelAddress(string Country, string? State, string? City, string? PostalCode, string AddressType, bool IsDefault);

internal sealed record ModelPoints(string Kind, long Points, DateTime CreatedAt);
