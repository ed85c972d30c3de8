using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>What the list of customers shows: filters, search and ordering. The address of the page has the same, so it can be kept and shared.</summary>
internal sealed class CustomerFilters
{
    private const string SearchName = "search";
    private const string OrderingName = "ordering";

    private readonly Dictionary<string, string> _values = [];

    /// <summary>The filters with their values, in the order of <see cref="FilterList.All"/>.</summary>
    public IEnumerable<(CustomerFilter Filter, string Value)> Set =>
        FilterList.All.Where(filter => _values.ContainsKey(filter.Name)).Select(filter => (filter, _values[filter.Name]));

    public string Search { get; private init; } = "";

    /// <summary>The ordering as in the API, such as <c>-total_spent</c>; empty for the newest first.</summary>
    public string Ordering { get; private init; } = "";

    /// <summary>Parts of the address that are no filter, or have no valid value. Without them the list would show more than was asked for.</summary>
    public IReadOnlyList<string> NotUnderstood { get; private init; } = [];

    /// <summary>Whether nothing narrows the list.</summary>
    public bool IsEmpty => _values.Count == 0 && Search.Length == 0;

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Reads the query string of an address.</summary>
    public static CustomerFilters Parse(string query)
    {
        var (values, notUnderstood, search, ordering) = (new Dictionary<string, string>(), new List<string>(), "", "");
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.Split('=', 2) is [var left, var right] ? (Decoded(left), Decoded(right)) : (Decoded(part), "");
            if (name == SearchName)
            {
                search = value.Trim();
            }
            else if (name == OrderingName && IsOrdering(value))
            {
                ordering = value;
            }
            else if (FilterList.Find(name)?.Normalise(value) is not { } normal || !values.TryAdd(name, normal))
            {
                notUnderstood.Add($"{name}={value}");
            }
        }

        return new(values) { Search = search, Ordering = ordering, NotUnderstood = notUnderstood };
    }

    /// <summary>The query string of the page, with its question mark; empty for the whole list.</summary>
    public override string ToString()
    {
        var parts = Set.Select(set => (set.Filter.Name, set.Value)).Append((SearchName, Search)).Append((OrderingName, Ordering))
            .Where(part => part.Item2.Length > 0).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}");
        return string.Join('&', parts) is { Length: > 0 } query ? $"?{query}" : "";
    }

    /// <summary>The same with another value of a filter; null removes it. The value must be valid.</summary>
    public CustomerFilters With(CustomerFilter filter, string? value)
    {
        var values = new Dictionary<string, string>(_values);
        if (value is null)
        {
            values.Remove(filter.Name);
        }
        else
        {
            values[filter.Name] = filter.Normalise(value)!;
        }

        return new(values) { Search = Search, Ordering = Ordering };
    }

    public CustomerFilters WithSearch(string search) => new(_values) { Search = search.Trim(), Ordering = Ordering };

    public CustomerFilters WithOrdering(string ordering) => new(_values) { Search = Search, Ordering = ordering };

    /// <summary>The whole list, in the same order.</summary>
    public CustomerFilters Cleared() => new([]) { Ordering = Ordering };

    /// <summary>The query of the API.</summary>
    public CustomerQuery ToQuery() => new()
    {
        IsActive = Flag("is_active"),
        IsVerified = Flag("is_verified"),
        IsVip = Flag("is_vip"),
        IsStaff = Flag("is_staff"),
        PhoneVerified = Flag("phone_verified"),
        LoyaltyTier = this["loyalty_tier"],
        AcceptsMarketingEmail = Flag("accepts_marketing_email"),
        AcceptsMarketingSms = Flag("accepts_marketing_sms"),
        MinOrders = Whole("min_orders"),
        MaxOrders = Whole("max_orders"),
        MinSpent = Amount("min_spent"),
        MaxSpent = Amount("max_spent"),
        MinPoints = Whole("min_points"),
        MaxPoints = Whole("max_points"),
        JoinedAfter = At("joined_after"),
        JoinedBefore = At("joined_before"),
        LastOrderAfter = At("last_order_after"),
        LastOrderBefore = At("last_order_before"),
        PreferredLanguage = this["preferred_language"],
        PreferredCurrency = this["preferred_currency"],
        Gender = this["gender"],
        Username = this["username"],
        Email = this["email"],
        Phone = this["phone"],
        Uuid = this["uuid"] is { } uuid ? Guid.Parse(uuid) : null,
        Source = this["source"],
        UpdatedAfter = At("updated_after"),
        UpdatedBefore = At("updated_before"),
        Tag = this["tag"],
        Group = Whole("group"),
        Ids = this["ids"] is { } ids ? CustomerFilter.Ids(ids) : null,
        Search = Search.Length > 0 ? Search : null,
        OrderBy = Ordering.Length > 0 ? [.. Ordering.Split(',').Select(Order)] : null,
    };

    /// <summary>
    /// The rule that means the same. A list shows inactive customers and a segment does not, so the rule includes both unless the list filters by
    /// activity.
    /// </summary>
    public JsonObject ToRule()
    {
        var conditions = new JsonArray();
        foreach (var condition in Set.Select(set => set.Filter.ToRule(set.Value)).OfType<JsonObject>())
        {
            conditions.Add((JsonNode)condition);
        }

        if (this["is_active"] is null)
        {
            JsonNode both = new JsonObject { ["field"] = "is_active", ["op"] = "in", ["value"] = new JsonArray(true, false) };
            conditions.Add(both);
        }

        return new JsonObject { ["v"] = 1, ["all"] = conditions };
    }

    /// <summary>What no rule can say: the names of these filters.</summary>
    public IReadOnlyList<string> NotInRule =>
    [
        .. Search.Length > 0 ? ["Search"] : Array.Empty<string>(),
        .. Set.Where(set => set.Filter.ToRule(set.Value) is null).Select(set => set.Filter.Label),
    ];

    private CustomerFilters(Dictionary<string, string> values) => _values = values;

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static bool IsOrdering(string text) => Array.TrueForAll(
        text.Split(','),
        key => key.All(letter => char.IsAsciiLetterLower(letter) || letter is '_' or '-') && !key.EndsWith("_descending", StringComparison.Ordinal)
            && Enum.TryParse<CustomerOrdering>(Named(key), out _));

    private static CustomerOrdering Order(string key) => Enum.Parse<CustomerOrdering>(Named(key));

    /// <summary>The SDK's name of a sort key: <c>TotalSpentDescending</c> for <c>-total_spent</c>.</summary>
    private static string Named(string key) =>
        string.Concat(key.TrimStart('-').Split('_').Select(word => word.Length == 0 ? "?" : char.ToUpperInvariant(word[0]) + word[1..]))
        + (key.StartsWith('-') ? "Descending" : "");

    private bool? Flag(string name) => this[name] is { } text ? text == "true" : null;

    private long? Whole(string name) => this[name] is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private decimal? Amount(string name) => this[name] is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    private DateTimeOffset? At(string name) => this[name] is { } text ? CustomerFilter.Instant(text) : null;
}
