using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>Reads customers from the service's own representations.</summary>
internal static class CustomerReading
{
    /// <param name="before">The same customer from an earlier read: data that only changes when it is written is not read again.</param>
    public static async Task<ModelCustomer> ReadAsync(Actor admin, long id, ModelCustomer? before)
    {
        var url = $"{Lists.Customers}{id}/";
        var customer = (await admin.Get(url)).Expect(200).Json;
        return Profile(customer) with
        {
            Orders = before?.Orders ?? [.. (await RowsAsync(admin, $"{url}orders/")).Select(Order)],
            Reviews = before?.Reviews ?? [.. (await RowsAsync(admin, $"{url}reviews/")).Select(Review)],
            Wishlist = before?.Wishlist ?? [.. (await RowsAsync(admin, $"{url}wishlist/")).Select(Wish)],
            Addresses = [.. customer["addresses"]!.AsArray().Select(address => Address(address!))],
            Points = [.. (await RowsAsync(admin, $"{url}loyalty/entries/")).Select(Entry)],
        };
    }

    private static ModelCustomer Profile(JsonNode customer) => new()
    {
        Id = (long)customer["id"]!,
        Username = Text(customer, "username")!,
        Email = Text(customer, "email")!,
        FirstName = Text(customer, "first_name")!,
        LastName = Text(customer, "last_name")!,
        Phone = Text(customer, "phone"),
        PhoneVerified = (bool)customer["phone_verified"]!,
        IsActive = (bool)customer["is_active"]!,
        IsVerified = (bool)customer["is_verified"]!,
        IsVip = (bool)customer["is_vip"]!,
        IsStaff = (bool)customer["is_staff"]!,
        Gender = Text(customer, "gender"),
        DateOfBirth = Text(customer, "date_of_birth") is { } born ? NaiveTime.Date(born) : null,
        PreferredLanguage = Text(customer, "preferred_language")!,
        PreferredCurrency = Text(customer, "preferred_currency")!,
        AcceptsMarketingEmail = (bool)customer["accepts_marketing_email"]!,
        AcceptsMarketingSms = (bool)customer["accepts_marketing_sms"]!,
        Source = Text(customer, "source"),
        Tags = [.. customer["tags"]!.AsArray().Select(tag => (string)tag!)],
        Metadata = customer["metadata"]!.DeepClone().AsObject(),
        DateJoined = Instant(customer, "date_joined")!.Value,
        LastLogin = Instant(customer, "last_login"),
        TotalOrders = (int)customer["total_orders"]!,
        TotalSpent = NaiveText.Decimal(customer["total_spent"]!),
        LastOrderDate = Instant(customer, "last_order_date"),
        LoyaltyTier = Text(customer, "loyalty_tier")!,
        LoyaltyPoints = (long)customer["loyalty_points"]!,
        Groups = [.. customer["customer_groups"]!.AsArray().Select(group => (long)group!["id"]!)],
    };

    private static ModelOrder Order(JsonNode order) => new()
    {
        OrderNumber = Text(order, "order_number")!,
        Status = Text(order, "status")!,
        Currency = Text(order, "currency")!,
        Rate = NaiveText.Decimal(order["exchange_rate"]!),
        Total = NaiveText.Decimal(order["total"]!),
        Refunded = NaiveText.Decimal(order["refunded"]!),
        PlacedAt = Instant(order, "placed_at")!.Value,
        Lines = [.. order["lines"]!.AsArray().Select(line => Line(line!))],
    };

    private static ModelLine Line(JsonNode line) =>
        new((int)line["line_number"]!, Text(line, "product_id")!, Text(line, "name")!, (int)line["quantity"]!, NaiveText.Decimal(line["unit_price"]!))
        {
            Sku = Text(line, "sku"),
            Category = Text(line, "category"),
            RefundedQuantity = (int)line["refunded_quantity"]!,
        };

    private static ModelAddress Address(JsonNode address) =>
        new(
            Text(address, "country")!,
            Text(address, "state"),
            Text(address, "city"),
            Text(address, "postal_code"),
            Text(address, "address_type")!,
            (bool)address["is_default"]!);

    private static ModelReview Review(JsonNode review) =>
        new(Text(review, "product_id")!, (int)review["rating"]!, Instant(review, "created_at")!.Value);

    private static ModelWish Wish(JsonNode wish) => new(Text(wish, "product_id")!, Instant(wish, "added_at")!.Value);

    private static ModelPoints Entry(JsonNode entry) =>
        new(Text(entry, "kind")!, (long)entry["points"]!, Instant(entry, "created_at")!.Value);

    private static async Task<IEnumerable<JsonNode>> RowsAsync(Actor admin, string url) =>
        (await admin.PagesAsync(url + "?page_size=100")).SelectMany(page => page.Results());

    private static string? Text(JsonNode node, string member) => (string?)node[member];

    private static DateTime? Instant(JsonNode node, string member) =>
        Text(node, member) is { } text ? DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) : null;
}
