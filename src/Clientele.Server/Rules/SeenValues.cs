using Clientele.Server.History;

namespace Clientele.Server.Rules;

/// <summary>
/// The values that fields have had recently, for suggestions while somebody types. Each statement reads the newest rows by an index, however many rows
/// there are. Staff do not exist for keys.
/// </summary>
internal sealed class SeenValues(ClienteleDb db, Caller caller, Database database)
{
    /// <summary>How many customers, orders, wishlist items or reviews are read, the newest.</summary>
    public const int Considered = 5000;

    /// <summary>How many values are returned.</summary>
    private const int Most = 20;

    /// <summary>The fields with values to pick from. Those of people, such as names and phones, have none.</summary>
    private static readonly IReadOnlyList<Source> Sources =
    [
        new(null, "email_domain", seen => seen.Customers.Select(c => new Seen { Key = c.EmailDomain, Text = c.EmailDomain })),
        new(null, "gender", seen => seen.Customers.Select(c => new Seen { Key = c.GenderKey, Text = c.Gender })),
#pragma warning disable CA1304, CA1311 // Translated to lower(); the values are ASCII.
        new(null, "preferred_language", seen => seen.Customers
            .Select(c => new Seen { Key = c.PreferredLanguage.ToLower(), Text = c.PreferredLanguage })),
#pragma warning restore CA1304, CA1311
        new(null, "preferred_currency", seen => seen.Customers.Select(c => new Seen { Key = c.PreferredCurrency, Text = c.PreferredCurrency })),
        new(null, "source", seen => seen.Customers.Select(c => new Seen { Key = c.SourceKey, Text = c.Source })),
        new(null, "tags", seen => seen.OfCustomers(seen.Db.CustomerTags, t => t.CustomerId).Select(t => new Seen { Key = t.TagKey, Text = t.Tag })),
        new("orders", "currency", seen => seen.Orders.Select(o => new Seen { Key = o.Currency, Text = o.Currency })),
        new("order_lines", "product_id", seen => seen.Lines
            .Select(l => new Seen { Key = l.ProductKey, Text = l.ProductId, Label = l.Name }), HasLabels: true),
        new("order_lines", "sku", seen => seen.Lines.Select(l => new Seen { Key = l.SkuKey, Text = l.Sku, Label = l.Name }), HasLabels: true),
        new("order_lines", "name", seen => seen.Lines.Select(l => new Seen { Key = l.NameKey, Text = l.Name })),
        new("order_lines", "category", seen => seen.Lines.Select(l => new Seen { Key = l.CategoryKey, Text = l.Category })),
        new("order_lines", "order.currency", seen => seen.Orders.Select(o => new Seen { Key = o.Currency, Text = o.Currency })),
        new("reviews", "product_id", seen => seen.Reviews.Select(r => new Seen { Key = r.ProductKey, Text = r.ProductId })),
        new("wishlist", "product_id", seen => seen.Wishlists
            .Select(w => new Seen { Key = w.ProductKey, Text = w.ProductId, Label = w.Name }), HasLabels: true),
        new("addresses", "state", seen => seen.OfCustomers(seen.Db.Addresses, a => a.CustomerId).Select(a => new Seen { Key = a.StateKey, Text = a.State })),
        new("addresses", "city", seen => seen.OfCustomers(seen.Db.Addresses, a => a.CustomerId).Select(a => new Seen { Key = a.CityKey, Text = a.City })),
    ];

    /// <summary>The relations that have fields with values to pick from.</summary>
    public static IReadOnlyList<string> Relations { get; } = [.. Sources.Select(source => source.Related).OfType<string>().Distinct()];

    /// <summary>The fields with values to pick from: the customer's own, or those of a relation.</summary>
    public static IReadOnlyList<string> Fields(string? related) => [.. Sources.Where(source => source.Related == related).Select(source => source.Field)];

    private ClienteleDb Db => db;

    private IQueryable<Customer> Customers => caller.Customers.OrderByDescending(c => c.UpdatedAt).ThenByDescending(c => c.Id).Take(Considered);

    private IQueryable<Order> Orders => Visible(db.Orders.OrderByDescending(o => o.PlacedAt).Take(Considered), o => o.CustomerId);

    private IQueryable<OrderItem> Lines => Orders.Join(
        db.OrderItems, o => new { o.CustomerId, o.OrderNumber }, l => new { l.CustomerId, l.OrderNumber }, (_, line) => line);

    private IQueryable<Review> Reviews =>
        Visible(db.Reviews.OrderByDescending(r => r.CreatedAt).Take(Considered), r => r.CustomerId).Where(r => !r.IsDeleted);

    private IQueryable<WishlistItem> Wishlists =>
        Visible(db.WishlistItems.OrderByDescending(w => w.AddedAt).Take(Considered), w => w.CustomerId);

    /// <summary>Returns the most common values that contain a text, in the form that rules compare.</summary>
    public async Task<IReadOnlyList<SeenValue>> FindAsync(string? related, string field, string search, CancellationToken cancellationToken)
    {
        var source = Sources.First(known => known.Related == related && known.Field == field);
        var wanted = source.Fold(search);
        var rows = source.Rows(this).TagWith("scatter: the values of the newest rows").Where(seen => seen.Key != null && seen.Key != "");
        if (wanted.Length > 0)
        {
            rows = rows.Where(seen => seen.Key!.Contains(wanted));
        }

        using var planned = database.WithoutPreparing(db);
        var groups = rows.GroupBy(seen => seen.Key);
        var values = source.HasLabels
            ? groups.Select(group => new Found
            {
                Key = group.Key,
                Text = group.Max(seen => seen.Text),
                Label = group.Max(seen => seen.Label),
                Count = group.LongCount(),
            })
            : groups.Select(group => new Found { Key = group.Key, Text = group.Max(seen => seen.Text), Count = group.LongCount() });
        var found = await values.OrderByDescending(value => value.Count).ThenBy(value => value.Key).Take(Most).ToListAsync(cancellationToken);
        return [.. found.Select(value => new SeenValue { Value = value.Text!, Label = value.Label, Count = value.Count })];
    }

    /// <summary>What the newest customers have.</summary>
    private IQueryable<T> OfCustomers<T>(IQueryable<T> rows, Expression<Func<T, long>> owner) => Customers.Join(rows, c => c.Id, owner, (_, row) => row);

    /// <summary>The rows whose customers the caller may see.</summary>
    private IQueryable<T> Visible<T>(IQueryable<T> rows, Expression<Func<T, long>> owner) =>
        caller.KeyId is null ? rows : rows.Join(caller.Customers, owner, c => c.Id, (row, _) => row);

    /// <summary>A value of a row: as rules compare it, as it was written, and the name of the product.</summary>
    private sealed class Seen
    {
        public string? Key { get; init; }

        public string? Text { get; init; }

        public string? Label { get; init; }
    }

    /// <summary>A value of some of the rows.</summary>
    private sealed class Found
    {
        public string? Key { get; init; }

        public string? Text { get; init; }

        public string? Label { get; init; }

        public long Count { get; init; }
    }

    /// <param name="Related">The relation of the field; null for a field of customers.</param>
    /// <param name="Field">The field.</param>
    /// <param name="Rows">The values of the newest rows.</param>
    /// <param name="HasLabels">Whether the rows have the names of their products.</param>
    private sealed record Source(string? Related, string Field, Func<SeenValues, IQueryable<Seen>> Rows, bool HasLabels = false)
    {
        /// <summary>Folds a text like the values of the field.</summary>
        public string Fold(string text) =>
            (Related is null ? Vocabulary.Find(Field) : Vocabulary.Relation(Related)!.Member(Field)) is TextField known
                ? VisibleText.IsBlank(text) ? "" : known.Fold(text)
                : TextFolding.NameKey(text);
    }
}
