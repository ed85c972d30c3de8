using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>Customers with random histories, from small pools, so that ties, missing values and boundary instants are frequent.</summary>
internal sealed class RandomCustomers(Random chance, Calendar calendar)
{
    private static readonly string?[] Genders = [null, null, "female", "Male", "MALE", "Ünsure"];
    private static readonly string[] Statuses =
    [
        "pending", "paid", "paid", "processing", "shipped", "delivered", "delivered", "partially_refunded", "cancelled", "refunded",
    ];
    private static readonly string[] Products = ["tea", "Tea", "mug", "cake", "groß-1", "GROSS-2"];
    private static readonly (string? Currency, decimal Rate)[] Currencies = [("USD", 1), ("USD", 1), ("EUR", 1.1m), ("EUR", 1.085m), ("JPY", 0.00675m)];

    private static readonly (string Country, string? State, string? City, string? PostalCode)[] Places =
    [
        ("USA", "NY", "New York", "10001"), ("USA", "CA", "Los Angeles", "90001"), ("DEU", null, "Köln", "50667"), ("FRA", null, "Paris", "75001"),
        ("IRL", null, "Dublin", null), ("JPN", "Tokyo", null, "154-0023"),
    ];

    private readonly IReadOnlyList<DateTime> _happening = calendar.Happening();

    public IReadOnlyList<ModelCustomer> Draw(int count) => [.. Enumerable.Range(0, count).Select(Somebody)];

    private ModelCustomer Somebody(int number)
    {
        var joined = Of(calendar.Writing);
        return new ModelCustomer
        {
            Id = number + 1,
            Username = $"{Of(["ada", "Jose", "x-y", "ZZ"])}.{number}",
            Email = $"{Of(["ada", "Info", "j.o", "zoe+tag"])}{number}@{Of(["example.com", "Mail.example.org", "shop-24.de"])}",
            FirstName = Of(["Ada", "ada", "José", "Zoë", "ÅSA", "李", "Straße", "STRASSE", "100%", "under_score", "[bracket]", "back\\slash", "O'Neil"]),
            LastName = Of(["", "Lovelace", "García Márquez", "Łukasz", "小明", "ΟΔΥΣΣΕΥΣ", "Οδυσσευς", "ﬁsh"]),
            Phone = Maybe() ? null : $"+{Of(["1", "49", "442"])}{chance.Next(10_000_000, 10_000_099)}",
            PhoneVerified = Maybe(),
            IsActive = chance.Next(6) > 0,
            IsVerified = Maybe(),
            IsVip = chance.Next(3) == 0,
            Gender = Of(Genders),
            DateOfBirth = chance.Next(4) == 0 ? null : Born(),
            PreferredLanguage = Of(["en", "de", "pt-BR"]),
            PreferredCurrency = Of(["USD", "EUR"]),
            AcceptsMarketingEmail = Maybe(),
            AcceptsMarketingSms = Maybe(),
            Source = Of([null, "Web", "web", "store"]),
            Tags = [.. new[] { "wholesale", "Press", "Été" }.Where(_ => chance.Next(3) == 0)],
            Metadata = Metadata(),
            DateJoined = joined,
            LastLogin = Maybe() ? null : Since(joined),
            Groups = [.. new long[] { 0, 1 }.Where(_ => chance.Next(3) == 0)],
            Orders = [.. Some(5).Select(order => Order($"{Of(["W", "s"])}-{number}-{order}"))],
            Reviews = [.. Some(4).Select(_ => new ModelReview(Of(Products), chance.Next(1, 6), Happened()))],
            Wishlist = [.. Some(4).Select(_ => Of(Products)).Distinct().Select(product => new ModelWish(product, Since(joined)))],
            Addresses = [.. Some(3).Select(_ => Address())],
            Points = Points(joined),
        }.WithStatistics();
    }

    /// <summary>Birth dates around the days of evaluation, and on 29 February.</summary>
    private DateOnly Born()
    {
        var year = chance.Next(1960, 2005);
        var day = DateOnly.FromDateTime(Of(calendar.Asking));
        return chance.Next(4) == 0
            ? new(year - (year % 4), 2, 29)
            : new DateOnly(year, day.Month, Math.Min(day.Day, DateTime.DaysInMonth(year, day.Month))).AddDays(Of([0, 0, 1, -1, 6, 30, 90, 200]));
    }

    private JsonObject Metadata()
    {
        var metadata = new JsonObject();
        foreach (var (key, pool) in new (string, Func<JsonNode>[])[]
        {
            ("size", [() => "M", () => "m", () => "XL", () => ""]),
            ("score", [() => 10, () => 10.5, () => "10", () => -3, () => 0.1, () => true]),
            ("plan.name", [() => "Gold", () => 7, () => false]),
            ("it's", [() => true, () => false, () => "true"]),
        })
        {
            if (chance.Next(3) > 0)
            {
                metadata[key] = Of(pool)();
            }
        }

        return metadata;
    }

    private ModelOrder Order(string number)
    {
        var (status, (currency, rate)) = (Of(Statuses), Of(Currencies));
        var total = Of([10, 33.33m, 50, 100, 999.99m, 1_000, 5_000.01m, 0]);
        return new()
        {
            OrderNumber = number,
            Status = status,
            Currency = currency!,
            Rate = rate,
            Total = total,
            Refunded = status is "refunded" ? total : status is "partially_refunded" ? Math.Round(total * Of([0.5m, 0.333m, 0.01m]), 2) : 0,
            PlacedAt = Happened(),
            Lines = [.. Enumerable.Range(1, chance.Next(0, 4)).Select(Line)],
        };
    }

    private ModelLine Line(int number)
    {
        var quantity = chance.Next(1, 4);
        return new(number, Of(Products), Of(["Tea, green", "Mug", "Groß", "50% off"]), quantity, Of([0, 4.99m, 10, 33.35m, 250]))
        {
            Sku = Of([null, "SKU-1", "sku-1", "S 2"]),
            Category = Of([null, "Drinks", "drinks", "Küche"]),
            RefundedQuantity = chance.Next(3) == 0 ? chance.Next(0, quantity + 1) : 0,
        };
    }

    private ModelAddress Address()
    {
        var (country, state, city, postalCode) = Of(Places);
        return new(country, state, city, postalCode, Of(["billing", "shipping"]), Maybe());
    }

    private List<ModelPoints> Points(DateTime joined)
    {
        var points = new List<ModelPoints>();
        foreach (var _ in Some(4))
        {
            var at = Since(joined);
            points.Add(new("adjust", Of([10, 50, 500]), at));
            if (Maybe())
            {
                points.Add(new(Of(["redeem", "adjust"]), -Of([1, 5, 10]), Since(at)));
            }
        }

        return [.. points.OrderBy(entry => entry.CreatedAt)];
    }

    private DateTime Happened() => Of(_happening).AddMilliseconds(Of([0, 0, 1, -1, 59_000, 1_800_000, -3_600_000, 43_200_000]));

    private DateTime Since(DateTime earliest) => Of([.. calendar.Writing.Where(at => at >= earliest)]);

    private IEnumerable<int> Some(int most) => Enumerable.Range(0, chance.Next(4) == 0 ? 0 : chance.Next(1, most));

    private bool Maybe() => chance.Next(2) == 0;

    private T Of<T>(IReadOnlyList<T> pool) => pool[chance.Next(pool.Count)];
}
