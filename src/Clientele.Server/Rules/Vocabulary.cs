using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.History;
using Clientele.Server.Loyalty;

namespace Clientele.Server.Rules;

/// <summary>
/// The single table of the fields that rules can test. The parser, the conditions in the database, <c>groups/fields/</c>, the filters of the
/// customers list and the documentation all follow from it.
/// </summary>
internal static class Vocabulary
{
    public const string Activity = "is_active";
    private const string MetadataPrefix = "metadata.";

    public static readonly IReadOnlyList<Field> Fields =
    [
        Number<Customer>("id", "The customer's id.", Facets.None, c => c.Id),
        new TextField("username", "The username.", Facets.Username, Of<Customer, string?>(c => c.UsernameKey), AccountNames.Key),
        new TextField("email", "The e-mail address.", Facets.Email, Of<Customer, string?>(c => c.EmailKey), AccountNames.Key),
        new TextField(
            "email_domain", "The part of the e-mail address after the @.", Facets.Email, Of<Customer, string?>(c => c.EmailDomain), AccountNames.DomainKey),
        Text<Customer>("first_name", "The first name.", Facets.FirstName, c => c.FirstNameKey),
        Text<Customer>("last_name", "The last name.", Facets.LastName, c => c.LastNameKey),
        new PhoneField("phone", "The phone number, in any usual spelling, such as +1234567890.", Facets.Phone, Of<Customer, string?>(c => c.Phone)),
        Boolean<Customer>("phone_verified", "Whether the phone number is verified.", Facets.PhoneVerified, c => c.PhoneVerified),
        Boolean<Customer>(
            Activity, "Whether the account is active. A rule that does not test it matches active customers only.", Facets.IsActive, c => c.IsActive),
        Boolean<Customer>("is_verified", "Whether the account is verified.", Facets.IsVerified, c => c.IsVerified),
        Boolean<Customer>("is_vip", "Whether the customer is a VIP.", Facets.IsVip, c => c.IsVip),
        Boolean<Customer>("is_staff", "Whether the customer is an admin.", Facets.IsStaff, c => c.IsStaff),
        Text<Customer>("gender", "The gender.", Facets.Gender, c => c.GenderKey),
        new OrderedField("date_of_birth", FieldType.Date, "The date of birth.", Facets.DateOfBirth, Of<Customer, DateOnly?>(c => c.DateOfBirth))
        {
            Anniversary = Of<Customer, int?>(c => c.BirthDayOfYear),
        },
        new AgeField(
            "age", "Completed years since the date of birth; 29 February counts as 28 February in common years.", Facets.DateOfBirth,
            Of<Customer, DateOnly?>(c => c.DateOfBirth)),
#pragma warning disable CA1304, CA1311 // Translated to lower(); the values are ASCII.
        Text<Customer>("preferred_language", "The preferred language, a BCP 47 tag.", Facets.PreferredLanguage, c => c.PreferredLanguage.ToLower()),
#pragma warning restore CA1304, CA1311
        new TextField(
            "preferred_currency", "The preferred currency, an ISO 4217 code.", Facets.PreferredCurrency,
            Of<Customer, string?>(c => c.PreferredCurrency), Upper),
        Boolean<Customer>("accepts_marketing_email", "Consent to marketing by e-mail.", Facets.AcceptsMarketingEmail, c => c.AcceptsMarketingEmail),
        Boolean<Customer>("accepts_marketing_sms", "Consent to marketing by SMS.", Facets.AcceptsMarketingSms, c => c.AcceptsMarketingSms),
        Text<Customer>("source", "Where the customer came from.", Facets.Source, c => c.SourceKey),
        new TagsField("tags", "The customer's tags.", Facets.Tags),
        Instant<Customer>("date_joined", "When the customer joined.", Facets.None, c => c.DateJoined),
        Instant<Customer>("last_login", "When the customer last signed in.", Facets.LastLogin, c => c.LastLogin),
        Number<Customer>("total_orders", "The number of orders that count in the statistics.", Facets.TotalOrders, c => c.TotalOrders),
        Money<Customer>("total_spent", "The amount spent, in the store's currency.", Facets.TotalSpent, c => c.TotalSpent) with { IsInStoreCurrency = true },
        new AverageField(
            "average_order_value", "total_spent / total_orders, compared exactly; missing without orders.", Facets.TotalSpent | Facets.TotalOrders,
            Of<Customer, long>(c => c.TotalSpent), Of<Customer, int>(c => c.TotalOrders)) { IsInStoreCurrency = true },
        Instant<Customer>("last_order_date", "When the newest order that counts was placed.", Facets.LastOrderDate, c => c.LastOrderDate),
        new TierField("loyalty_tier", "The loyalty tier; tiers are ordered.", Facets.LoyaltyTier, Of<Customer, string?>(c => c.LoyaltyTier)),
        Number<Customer>("loyalty_points", "The points that can be spent.", Facets.LoyaltyPoints, c => c.LoyaltyPoints),
    ];

    public static readonly IReadOnlyList<Relation> Relations =
    [
        Rows<Order>("orders", db => db.Orders, o => o.CustomerId, Facets.Orders, Orders<Order>("", o => o)) with
        {
            Status = "status",
            Counts = (Order o) => o.Counts,
        },
        Rows<OrderedLine>("order_lines", OrderedLine.In, l => l.Line.CustomerId, Facets.Orders,
            [
                Number<OrderedLine>("line_number", "The line's number.", Facets.Orders, l => l.Line.LineNumber),
                Text<OrderedLine>("product_id", "The product.", Facets.Orders, l => l.Line.ProductKey),
                Text<OrderedLine>("sku", "The stock keeping unit.", Facets.Orders, l => l.Line.SkuKey),
                Text<OrderedLine>("name", "The product's name.", Facets.Orders, l => l.Line.NameKey),
                Text<OrderedLine>("category", "The product's category.", Facets.Orders, l => l.Line.CategoryKey),
                Number<OrderedLine>("quantity", "The ordered quantity.", Facets.Orders, l => l.Line.Quantity),
                Number<OrderedLine>("refunded_quantity", "The refunded quantity.", Facets.Orders, l => l.Line.RefundedQuantity),
                Money<OrderedLine>("unit_price", "The price per unit, in the order's currency.", Facets.Orders, l => l.Line.UnitPrice),
                Money<OrderedLine>("amount", "The part that was not refunded, in the store's currency.", Facets.Orders, l => l.Line.Amount) with
                {
                    IsInStoreCurrency = true,
                },
                .. Orders<OrderedLine>("order.", l => l.Order),
            ],
            l => l.Line.RefundedQuantity < l.Line.Quantity) with
        {
            Status = "order.status",
            Counts = (OrderedLine l) => l.Order.Counts,
        },
        Rows<Review>("reviews", db => db.Reviews, r => r.CustomerId, Facets.Reviews,
        [
            Text<Review>("product_id", "The product.", Facets.Reviews, r => r.ProductKey),
            Number<Review>("rating", "From 1 to 5.", Facets.Reviews, r => r.Rating),
            Instant<Review>("created_at", "When the review was written.", Facets.Reviews, r => r.CreatedAt),
        ], r => !r.IsDeleted),
        Rows<WishlistItem>("wishlist", db => db.WishlistItems, w => w.CustomerId, Facets.Wishlist,
        [
            Text<WishlistItem>("product_id", "The product.", Facets.Wishlist, w => w.ProductKey),
            Instant<WishlistItem>("added_at", "When the product was added to the wishlist.", Facets.Wishlist, w => w.AddedAt),
        ]),
        Rows<Address>("addresses", db => db.Addresses, a => a.CustomerId, Facets.Addresses,
        [
            new CountryField(
                "country", "The country: ISO 3166-1 alpha-2, alpha-3 or its English short name.", Facets.Addresses,
                Of<Address, string?>(a => a.Country)),
            Text<Address>("state", "The state or province.", Facets.Addresses, a => a.StateKey),
            Text<Address>("city", "The city.", Facets.Addresses, a => a.CityKey),
            Text<Address>("postal_code", "The postal code.", Facets.Addresses, a => a.PostalCodeKey),
            Enumeration<Address, string?>("address_type", "billing or shipping.", Facets.Addresses, a => a.AddressType, ["billing", "shipping"]),
            Boolean<Address>("is_default", "Whether the address is the default of its type.", Facets.Addresses, a => a.IsDefault),
        ]),
        Rows<PointsEntry>("points", db => db.PointsEntries, p => p.CustomerId, Facets.Points,
        [
            new EnumerationField(
                "kind", "The kind of the ledger entry.", Facets.Points, Of<PointsEntry, PointsEntryKind>(p => p.Kind),
                [.. Enum.GetValues<PointsEntryKind>().Select(kind => (JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()), (object)kind))]),
            Number<PointsEntry>("points", "The number of points; negative if the entry takes points away.", Facets.Points, p => p.Points),
            Instant<PointsEntry>("created_at", "When the entry was written.", Facets.Points, p => p.CreatedAt),
        ]),
    ];

    /// <summary>The customer field with this name, or the metadata field.</summary>
    public static Field? Find(string name) =>
        name.StartsWith(MetadataPrefix, StringComparison.Ordinal) && name.Length > MetadataPrefix.Length ? new MetadataField(name[MetadataPrefix.Length..])
        : Fields.FirstOrDefault(field => field.Name == name);

    public static Relation? Relation(string name) => Relations.FirstOrDefault(relation => relation.Name == name);

    private static Relation Rows<T>(
        string name, Func<ClienteleDb, IQueryable<T>> rows, Expression<Func<T, long>> customer, Facets reads, IReadOnlyList<ValueField> members,
        Expression<Func<T, bool>>? exists = null) =>
        new(name, typeof(T), db => rows(db).Expression, customer, exists ?? Expression.Lambda(Logic.True, Expression.Parameter(typeof(T))), members, reads);

    private static IReadOnlyList<ValueField> Orders<T>(string prefix, Expression<Func<T, Order>> order)
    {
        var placedAt = new OrderedField(prefix + "placed_at", FieldType.Instant, "When the order was placed.", Facets.Orders, In(o => o.PlacedAt));
        return
        [
            new TextField(prefix + "order_number", "The order's number.", Facets.Orders, In<string?>(o => o.NumberKey), TextFolding.NameKey),
            new EnumerationField(
                prefix + "status", "The order's status. A node that does not test it looks only at orders that count in the statistics.", Facets.Orders,
                In<string?>(o => o.Status), [.. OrdersEndpoints.Statuses.Select(status => (status, (object)status))]),
            new TextField(prefix + "currency", "The order's currency, an ISO 4217 code.", Facets.Orders, In<string?>(o => o.Currency), Upper),
            new OrderedField(prefix + "total", FieldType.Money, "The total, in the order's currency.", Facets.Orders, In(o => o.Total)),
            new OrderedField(prefix + "refunded", FieldType.Money, "The refunded amount, in the order's currency.", Facets.Orders, In(o => o.Refunded)),
            new OrderedField(prefix + "net", FieldType.Money, "The total minus refunds, in the store's currency.", Facets.Orders, In(o => o.Net))
            {
                IsInStoreCurrency = true,
            },
            typeof(T) == typeof(Order) ? placedAt : placedAt with { Passed = Placed },
        ];

        LambdaExpression In<TValue>(Expression<Func<Order, TValue>> value) => Expression.Lambda(Logic.Of(value, order.Body), order.Parameters);
    }

    /// <summary>A range of orders, whichever field needs it.</summary>
    private static DueRange Placed(Interval passed)
    {
        var orders = Relation("orders")!;
        return new(orders, orders.Member("placed_at")!.Value, passed);
    }

    private static string Upper(string text) => TextFolding.NameKey(text).ToUpperInvariant();

    /// <summary>The column without a cast: a cast would keep the database from using its index.</summary>
    private static LambdaExpression Bare(LambdaExpression value) =>
        value.Body is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var column } ? Expression.Lambda(column, value.Parameters) : value;

    private static Expression<Func<T, TValue>> Of<T, TValue>(Expression<Func<T, TValue>> value) => value;

    private static TextField Text<T>(string name, string description, Facets reads, Expression<Func<T, string?>> value) =>
        new(name, description, reads, value, TextFolding.NameKey);

    private static BooleanField Boolean<T>(string name, string description, Facets reads, Expression<Func<T, bool>> value) =>
        new(name, description, reads, value);

    private static OrderedField Number<T>(string name, string description, Facets reads, Expression<Func<T, long>> value) =>
        new(name, FieldType.Number, description, reads, Bare(value));

    private static OrderedField Money<T>(string name, string description, Facets reads, Expression<Func<T, long>> value) =>
        new(name, FieldType.Money, description, reads, Bare(value));

    private static OrderedField Instant<T>(string name, string description, Facets reads, Expression<Func<T, DateTime?>> value) =>
        new(name, FieldType.Instant, description, reads, Bare(value));

    private static EnumerationField Enumeration<T, TValue>(string name, string description, Facets reads, Expression<Func<T, TValue>> value, string[] names) =>
        new(name, description, reads, value, [.. names.Select(known => (known, (object)known))]);
}
