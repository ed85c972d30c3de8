using System.Collections.ObjectModel;
using System.Text.Json;

namespace Clientele.Tests.Segments;

/// <summary>A number in a row. An average is a sum and a count, so that it is compared exactly.</summary>
internal readonly record struct Amount(decimal Sum, long Count = 1);

/// <summary>A name with a rank in a list of tiers.</summary>
internal sealed record Tier(string Name)
{
    private static readonly string[] Ladder = ["bronze", "silver", "gold", "platinum"];

    /// <summary>A tier that is not in the list ranks below all others.</summary>
    public int Rank => Array.FindIndex(Ladder, name => NaiveText.Same(name, Name));
}

/// <summary>A country in the spellings that a rule may use.</summary>
internal sealed record Country(string Alpha3, string Alpha2, string Name)
{
    private static readonly Country[] Known =
    [
        new("USA", "US", "United States"), new("DEU", "DE", "Germany"), new("FRA", "FR", "France"), new("IRL", "IE", "Ireland"), new("JPN", "JP", "Japan"),
    ];

    public static Country Of(string alpha3) => Known.Single(country => country.Alpha3 == alpha3);

    public bool IsCalled(string name) => NaiveText.Same(name, Alpha3) || NaiveText.Same(name, Alpha2) || NaiveText.Same(name, Name);
}

/// <summary>
/// The values that conditions read, by member name: text, <see cref="bool"/>, <see cref="Amount"/>, <see cref="double"/> (numbers of metadata), <see
/// cref="DateTime"/>, <see cref="DateOnly"/>, <see cref="Tier"/>, <see cref="Country"/>, a list of texts; null means missing.
/// </summary>
internal sealed class ModelRow(IDictionary<string, object?> values) : ReadOnlyDictionary<string, object?>(values)
{
    private const string Metadata = "metadata.";

    /// <summary>The value of a member. Metadata may be missing; any other unknown name is a mistake.</summary>
    public object? Get(string member) => member.StartsWith(Metadata, StringComparison.Ordinal) ? this.GetValueOrDefault(member) : this[member];

    public static ModelRow Of(ModelCustomer customer, DateOnly today)
    {
        var row = new Dictionary<string, object?>
        {
            ["id"] = new Amount(customer.Id),
            ["username"] = Text(customer.Username),
            ["email"] = Text(customer.Email),
            ["email_domain"] = Text(customer.Email[(customer.Email.LastIndexOf('@') + 1)..]),
            ["first_name"] = Text(customer.FirstName),
            ["last_name"] = Text(customer.LastName),
            ["phone"] = Text(customer.Phone),
            ["phone_verified"] = customer.PhoneVerified,
            ["is_active"] = customer.IsActive,
            ["is_verified"] = customer.IsVerified,
            ["is_vip"] = customer.IsVip,
            ["is_staff"] = customer.IsStaff,
            ["gender"] = Text(customer.Gender),
            ["date_of_birth"] = customer.DateOfBirth,
            ["age"] = customer.DateOfBirth is { } born ? new Amount(Age(born, today)) : null,
            ["preferred_language"] = Text(customer.PreferredLanguage),
            ["preferred_currency"] = Text(customer.PreferredCurrency),
            ["accepts_marketing_email"] = customer.AcceptsMarketingEmail,
            ["accepts_marketing_sms"] = customer.AcceptsMarketingSms,
            ["source"] = Text(customer.Source),
            ["tags"] = customer.Tags,
            ["date_joined"] = customer.DateJoined,
            ["last_login"] = customer.LastLogin,
            ["total_orders"] = new Amount(customer.TotalOrders),
            ["total_spent"] = new Amount(customer.TotalSpent),
            ["average_order_value"] = customer.TotalOrders == 0 ? null : new Amount(customer.TotalSpent, customer.TotalOrders),
            ["last_order_date"] = customer.LastOrderDate,
            ["loyalty_tier"] = new Tier(customer.LoyaltyTier),
            ["loyalty_points"] = new Amount(customer.LoyaltyPoints),
        };
        foreach (var (key, value) in customer.Metadata)
        {
            row[Metadata + key] = value!.GetValueKind() switch
            {
                JsonValueKind.String => Text((string?)value),
                JsonValueKind.Number => NaiveText.Double(value),
                _ => (bool)value,
            };
        }

        return new(row);
    }

    /// <param name="ofAnyStatus">Whether orders that do not count in the statistics are included.</param>
    public static IEnumerable<ModelRow> Of(ModelCustomer customer, string relation, bool ofAnyStatus)
    {
        var orders = customer.Orders.Where(order => ofAnyStatus || order.Counts);
        return relation switch
        {
            "orders" => orders.Select(order => new ModelRow(Order(order, ""))),
            "order_lines" => orders.SelectMany(order => order.Lines.Where(line => line.RefundedQuantity < line.Quantity).Select(line => Line(order, line))),
            "reviews" => customer.Reviews.Select(review =>
                Row(("product_id", Text(review.ProductId)), ("rating", new Amount(review.Rating)), ("created_at", review.CreatedAt))),
            "wishlist" => customer.Wishlist.Select(wish => Row(("product_id", Text(wish.ProductId)), ("added_at", wish.AddedAt))),
            "addresses" => customer.Addresses.Select(Address),
            "points" => customer.Points.Select(entry => Row(("kind", entry.Kind), ("points", new Amount(entry.Points)), ("created_at", entry.CreatedAt))),
            _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, null),
        };
    }

    private static Dictionary<string, object?> Order(ModelOrder order, string prefix) => new()
    {
        [prefix + "order_number"] = Text(order.OrderNumber),
        [prefix + "status"] = order.Status,
        [prefix + "currency"] = Text(order.Currency),
        [prefix + "total"] = new Amount(order.Total),
        [prefix + "refunded"] = new Amount(order.Refunded),
        [prefix + "net"] = new Amount(order.Net),
        [prefix + "placed_at"] = order.PlacedAt,
    };

    private static ModelRow Line(ModelOrder order, ModelLine line) => new(new Dictionary<string, object?>(Order(order, "order."))
    {
        ["line_number"] = new Amount(line.LineNumber),
        ["product_id"] = Text(line.ProductId),
        ["sku"] = Text(line.Sku),
        ["name"] = Text(line.Name),
        ["category"] = Text(line.Category),
        ["quantity"] = new Amount(line.Quantity),
        ["unit_price"] = new Amount(line.UnitPrice),
        ["refunded_quantity"] = new Amount(line.RefundedQuantity),
        ["amount"] = new Amount(line.Amount(order.Rate)),
    });

    private static ModelRow Address(ModelAddress address) => Row(
        ("country", Country.Of(address.Country)),
        ("state", Text(address.State)),
        ("city", Text(address.City)),
        ("postal_code", Text(address.PostalCode)),
        ("address_type", address.AddressType),
        ("is_default", address.IsDefault));

    private static ModelRow Row(params (string Member, object? Value)[] values) => new(values.ToDictionary(value => value.Member, value => value.Value));

    /// <summary>An empty text is missing.</summary>
    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static int Age(DateOnly born, DateOnly today)
    {
        var age = 0;
        while (born.AddYears(age + 1) <= today)
        {
            age++;
        }

        return age;
    }
}
