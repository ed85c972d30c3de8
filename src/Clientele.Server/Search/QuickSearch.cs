using Clientele.Server.Accounts;
using Clientele.Server.History;

namespace Clientele.Server.Search;

/// <summary>
/// Finds customers, orders and groups while somebody types. Each statement reads a few rows of an index, however many customers there are: the beginning
/// of a claimed name, the beginning or the end of an order number, or the first rows that contain all terms.
/// </summary>
internal sealed class QuickSearch(ClienteleDb db, Caller caller, Database database)
{
    /// <summary>How many of each kind are returned.</summary>
    private const int Most = 8;

    /// <summary>Among how many customers with all terms the best are chosen. Finding all of them would be expensive for a common name.</summary>
    private const int Considered = 64;

    /// <summary>Shorter texts are the beginning of too many numbers to be useful.</summary>
    private const int ShortestNumber = 3;

    /// <summary>How many last characters of order numbers are indexed. Fewer are the end of too many numbers.</summary>
    private const int IndexedEnd = 4;

    /// <summary>Sorts after the texts that begin with the text before it.</summary>
    private const string End = "\U0010FFFF";

    public async Task<SearchResponse> FindAsync(string text, CancellationToken cancellationToken)
    {
        var terms = TextFolding.SearchTerms(text);
        if (terms.Count == 0)
        {
            return new() { Customers = [], MoreCustomers = false, Orders = [], MoreOrders = false, Groups = [], MoreGroups = false };
        }

        var orders = caller.HasScope(KeyScope.OrdersRead) ? await OrdersAsync(text, cancellationToken) : [];
        var named = await NamedAsync(text, cancellationToken);
        var known = await KnownAsync([.. named, .. orders.Select(order => order.CustomerId)], cancellationToken);
        var customers = named.Where(known.ContainsKey).Select(id => known[id]).ToList();
        if (customers.Count <= Most)
        {
            customers = [.. customers.Concat(await WithTermsAsync(terms, text, cancellationToken)).DistinctBy(c => c.Id)];
        }

        var found = orders.Where(order => known.ContainsKey(order.CustomerId)).Select(order => Found(order, known[order.CustomerId])).ToList();
        var groups = caller.HasScope(KeyScope.GroupsRead) ? await GroupsAsync(terms, cancellationToken) : [];
        return new()
        {
            Customers = [.. customers.Take(Most)],
            MoreCustomers = customers.Count > Most,
            Orders = [.. found.Take(Most)],
            MoreOrders = found.Count > Most,
            Groups = [.. groups.Take(Most)],
            MoreGroups = groups.Count > Most,
        };
    }

    /// <summary>The customers whose id or uuid this is, or whose username or e-mail begins like this.</summary>
    private async Task<List<long>> NamedAsync(string text, CancellationToken cancellationToken)
    {
        var ids = new List<long>();

        // The console writes ids as #123. A number that begins with a zero is one of an order or a phone.
        if (text.TrimStart('#') is [not '0', ..] number && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            ids.Add(id);
        }

        if (Guid.TryParse(text, out var uuid))
        {
            ids.AddRange(await db.CustomerUuids.Where(u => u.Uuid == uuid).Select(u => u.CustomerId).ToListAsync(cancellationToken));
        }
        else if (!text.Any(char.IsWhiteSpace))
        {
            var key = AccountNames.Key(text);
#pragma warning disable CA1309 // The database compares.
            var names = db.LoginNames.TagWith("scatter: the first names that begin like this")
                .Where(n => string.Compare(n.Name, key) >= 0 && string.Compare(n.Name, key + End) < 0 && n.HeldUntil == null);
#pragma warning restore CA1309
            ids.AddRange(await names.OrderBy(n => n.Name).Take(2 * Most).Select(n => n.CustomerId).ToListAsync(cancellationToken));
        }

        return [.. ids.Distinct()];
    }

    /// <summary>The orders whose numbers begin or end like this, as it was typed or in capitals, the shortest number first: it is the most alike.</summary>
    private async Task<List<Order>> OrdersAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length < ShortestNumber)
        {
            return [];
        }

        var claims = await ClaimsAsync(text, cancellationToken);
        if (claims.Count == 0 && text.ToUpperInvariant() is var capitals && capitals != text)
        {
            claims = await ClaimsAsync(capitals, cancellationToken);
        }

        var (owners, numbers) = (claims.Select(c => c.CustomerId).Distinct().ToArray(), claims.Select(c => c.Number).ToArray());
        return numbers.Length == 0
            ? []
            : await db.Orders.Where(o => owners.Contains(o.CustomerId) && numbers.Contains(o.OrderNumber)).OrderBy(o => o.OrderNumber.Length)
                .ThenBy(o => o.OrderNumber).Take(Most + 1).ToListAsync(cancellationToken);
    }

    private async Task<List<OrderNumber>> ClaimsAsync(string text, CancellationToken cancellationToken)
    {
#pragma warning disable CA1309 // The database compares.
        var claims = await db.OrderNumbers.TagWith("scatter: the first numbers that begin like this")
            .Where(n => string.Compare(n.Number, text) >= 0 && string.Compare(n.Number, text + End) < 0)
            .OrderBy(n => n.Number).Take(Most + 1).ToListAsync(cancellationToken);
#pragma warning restore CA1309
        if (text.Any(char.IsAsciiDigit) && new StringInfo(text).LengthInTextElements >= IndexedEnd)
        {
            claims.AddRange(await EndingAsync(text, cancellationToken));
        }

        return claims;
    }

    /// <summary>
    /// The shortest numbers that end like this: callers say <c>7838</c> for <c>D-7838</c>. The index finds those with the same last four characters, which
    /// are one in thousands.
    /// </summary>
    private Task<List<OrderNumber>> EndingAsync(string text, CancellationToken cancellationToken)
    {
        var runes = text.EnumerateRunes().ToList();
        var (end, length) = (string.Concat(runes.TakeLast(IndexedEnd)), runes.Count);
        return db.OrderNumbers.FromSql(db.IsPostgres
            ? (FormattableString)$"""
             SELECT number, customer_id FROM order_numbers WHERE right(number, 4) = {end} AND right(number, {length}) = {text}
             ORDER BY length(number), number LIMIT {Most + 1}
             """
            : $"""
             SELECT number, customer_id FROM order_numbers WHERE substr(number, -4) = {end} AND substr(number, -{length}) = {text}
             ORDER BY length(number), number LIMIT {Most + 1}
             """).TagWith("scatter: the shortest numbers that end like this").ToListAsync(cancellationToken);
    }

    /// <summary>Those of the customers whom the caller may see.</summary>
    private async Task<Dictionary<long, CustomerSummary>> KnownAsync(long[] ids, CancellationToken cancellationToken) => ids.Length == 0
        ? []
        : await caller.Customers.Where(c => ids.Contains(c.Id)).Select(Customer.AsSummary).ToDictionaryAsync(c => c.Id, cancellationToken);

    /// <summary>Customers with all terms, the best of the first ones that are found.</summary>
    private async Task<IEnumerable<CustomerSummary>> WithTermsAsync(IReadOnlyList<string> terms, string text, CancellationToken cancellationToken)
    {
        using var planned = database.WithoutPreparing(db);
        var customers = terms.Aggregate(
            caller.Customers.TagWith("scatter: customers with all terms"), (rows, term) => rows.Where(c => c.SearchText.Contains(term)));
        var found = await customers.Take(Considered).Select(Customer.AsSummary).ToListAsync(cancellationToken);
        var start = TextFolding.NameKey(text);
        return found.OrderByDescending(c => Similarity(TextFolding.NameKey(c.FullName), start)).ThenByDescending(c => c.IsActive)
            .ThenByDescending(c => c.LastOrderDate).ThenByDescending(c => c.Id);
    }

    /// <summary>2 if the name begins like this, 1 if one of its words does.</summary>
    private static int Similarity(string name, string start) =>
        name.StartsWith(start, StringComparison.Ordinal) ? 2
        : name.Contains(" " + start, StringComparison.Ordinal) ? 1
        : 0;

    private Task<List<FoundGroup>> GroupsAsync(IReadOnlyList<string> terms, CancellationToken cancellationToken) => terms
        .Aggregate(db.Groups.AsQueryable(), (rows, term) => rows.Where(g => g.SearchText.Contains(term)))
        .OrderBy(g => g.NameKey).Take(Most + 1)
        .Join(db.GroupCounts, g => g.Id, c => c.GroupId, (g, c) => new FoundGroup
        {
            Id = g.Id,
            Name = g.Name,
            AutoAssign = g.AutoAssign,
            MembersCount = c.Members,
        })
        .ToListAsync(cancellationToken);

    private static FoundOrder Found(Order order, CustomerSummary customer) => new()
    {
        OrderNumber = order.OrderNumber,
        Customer = order.CustomerId,
        CustomerName = customer.FullName,
        Status = order.Status,
        Currency = order.Currency,
        Total = order.Total / 100m,
        PlacedAt = order.PlacedAt,
    };
}
