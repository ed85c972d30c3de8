namespace Clientele.Tests.Segments;

/// <summary>A few customers. Each makes a rule fail that is evaluated carelessly.</summary>
internal static class TrapCast
{
    /// <summary>Noon of 15 March of a leap year.</summary>
    public static DateTime Now { get; } = At(3, 15, 12);

    public static IReadOnlyList<ModelCustomer> Everybody { get; } =
    [
        // Tea and a mug in one order.
        Somebody("Ada") with
        {
            Gender = "Female",
            DateOfBirth = new(1996, 2, 29),
            Phone = "+4912345678",
            Tags = ["wholesale", "Press"],
            Metadata = new() { ["size"] = "M", ["score"] = 10 },
            Source = "web",
            LastLogin = At(3, 14, 12),
            Groups = [0],
            Orders = [Order("A1", 100, At(3, 14, 12), Line(1, "tea", 2, 25, "Drinks"), Line(2, "mug", 1, 50))],
            Reviews = [new("tea", 5, At(3, 1)), new("mug", 1, At(3, 2))],
            Wishlist = [new("cake", At(3, 1))],
            Addresses = [new("DEU", null, "Köln", "50667", "shipping", IsDefault: true)],
            Points = [new("adjust", 100, At(3, 1))],
        },

        // Tea and a mug in two orders.
        Somebody("Ben") with
        {
            Gender = "male",
            DateOfBirth = new(1996, 2, 28),
            Tags = ["press"],
            Metadata = new() { ["size"] = "XL", ["score"] = "10" },
            Orders = [Order("B1", 50, At(2, 15), Line(1, "tea", 2, 25, "Drinks")), Order("B2", 50, At(2, 16), Line(1, "mug", 1, 50))],
            Reviews = [new("tea", 1, At(3, 1)), new("mug", 5, At(3, 2))],
            Addresses = [new("USA", "NY", "New York", "10001", "shipping", IsDefault: true), new("DEU", null, "Berlin", "10115", "billing", IsDefault: true)],
        },

        // Nothing at all.
        Somebody("Cy"),

        // Only orders that do not count.
        Somebody("Dee") with
        {
            Tags = ["Été"],
            Orders =
            [
                Order("D1", 80, At(3, 1), Line(1, "tea", 1, 80)) with { Status = "cancelled" },
                Order("D2", 80, At(3, 2), Line(1, "mug", 1, 80)) with { Status = "pending" },
                Order("D3", 80, At(3, 3), Line(1, "cake", 1, 80)) with { Status = "refunded", Refunded = 80 },
            ],
        },

        // Not active.
        Somebody("Eve") with
        {
            IsActive = false,
            IsVip = true,
            Orders = [Order("E1", 20, At(3, 1), Line(1, "tea", 1, 20))],
        },

        // The tea was returned, and the shop was paid in euros.
        Somebody("Fay") with
        {
            DateOfBirth = new(1996, 3, 15),
            Orders =
            [
                Order("F1", 30, At(3, 1), Line(1, "tea", 1, 10) with { RefundedQuantity = 1 }, Line(2, "mug", 2, 10))
                    with { Status = "partially_refunded", Refunded = 10, Currency = "EUR", Rate = 1.5m },
            ],
        },

        // 33.333… on average, and an order in the future.
        Somebody("Gus") with
        {
            DateOfBirth = new(1996, 3, 16),
            Orders = [Order("G1", 10, At(1, 1), Line(1, "cake", 1, 10)), Order("G2", 10, At(1, 2)), Order("G3", 80, At(3, 16), Line(1, "cake", 8, 10))],
        },
    ];

    private static ModelCustomer Somebody(string name) => new()
    {
        Username = name,
        Email = $"{name}@Example.com",
        FirstName = name,
        DateJoined = At(1, 31),
    };

    private static ModelOrder Order(string number, decimal total, DateTime placedAt, params ModelLine[] lines) =>
        new() { OrderNumber = number, Total = total, PlacedAt = placedAt, Lines = lines };

    private static ModelLine Line(int number, string product, int quantity, decimal price, string? category = null) =>
        new(number, product, product, quantity, price) { Category = category };

    private static DateTime At(int month, int day, int hour = 0) => new(RuleWorld.LeapYear, month, day, hour, 0, 0, DateTimeKind.Utc);
}
