namespace Clientele.Tests.Segments;

/// <summary>The customers of docs/api/segments.md, as described on the page.</summary>
internal static class ExampleCast
{
    /// <summary>Noon of 15 March of a leap year.</summary>
    public static DateTime Now { get; } = At(3, 15, 12);

    public static IReadOnlyList<ModelCustomer> Everybody { get; } =
    [
        Somebody("Anna", At(1, 2).AddYears(-1)) with
        {
            Orders = [Order("A1", 6000, At(10, 1).AddYears(-1), Line("coffee", 6000))],
            Addresses = [new("DEU", null, "Berlin", "10115", "shipping", IsDefault: true)],
            Reviews = [new("coffee", 5, At(3, 1))],
        },
        Somebody("Ben", At(1, 2)) with
        {
            AcceptsMarketingEmail = true,
            Tags = ["wholesale"],
            Orders =
            [
                Order("B1", 400, At(2, 1), Line("coffee", 400)), Order("B2", 50, At(3, 1), Line("coffee", 50)),
                Order("B3", 1000, At(3, 10), Line("tea", 1000) with { Category = "Leaves" }),
            ],
            Addresses = [new("AUT", null, "Wien", "1010", "shipping", IsDefault: true)],
        },
        Somebody("Clara", At(1, 2)) with
        {
            AcceptsMarketingEmail = true,
            DateOfBirth = new(RuleWorld.LeapYear - 38, 3, 20),
            Orders = [Order("C1", 7000, At(3, 14), Line("tea", 7000))],
            Addresses = [new("AUT", null, "Salzburg", "5020", "shipping", IsDefault: true)],
            Reviews = [new("tea", 1, At(3, 14))],
        },
        Somebody("Dan", At(3, 10)) with
        {
            DateOfBirth = new(RuleWorld.LeapYear - 24, 2, 29),
            Metadata = new() { ["plan"] = "trial" },
            Wishlist = [new("grinder", At(3, 11))],
        },
        Somebody("Emma", At(1, 2)) with
        {
            IsVip = true,
            Tags = ["wholesale", "press"],
            Orders =
            [
                Order("E1", 100, At(1, 10), Line("mug", 100)), Order("E2", 100, At(1, 11), Line("mug", 100)),
                Order("E3", 100, At(1, 12), Line("mug", 100)) with { Status = "refunded", Refunded = 100 },
            ],
            Addresses = [new("USA", "NY", "New York", "10001", "shipping", IsDefault: true)],
        },
        Somebody("Finn", At(1, 2)) with { IsActive = false, Orders = [Order("F1", 20, At(3, 1), Line("tea", 20))] },
    ];

    private static ModelCustomer Somebody(string name, DateTime joined) =>
        new() { Username = name, Email = $"{name}@example.com", FirstName = name, DateJoined = joined };

    private static ModelOrder Order(string number, decimal total, DateTime placedAt, ModelLine line) =>
        new() { OrderNumber = number, Total = total, PlacedAt = placedAt, Lines = [line] };

    private static ModelLine Line(string product, decimal price) => new(1, product, product, 1, price) { Category = product is "mug" ? "Kitchen" : "Drinks" };

    private static DateTime At(int month, int day, int hour = 0) => new(RuleWorld.LeapYear, month, day, hour, 0, 0, DateTimeKind.Utc);
}
