namespace Clientele.Server.Http;

/// <summary>The query parameters of a list: its filters, orderings and search. The API description is generated from the same lines.</summary>
internal interface IListDefinition
{
    IEnumerable<ListParameter> Parameters { get; }
}

/// <summary>A query parameter of a list, as described in the API description.</summary>
internal sealed record ListParameter(string Name, string Description, ListValue Value, string Example);

/// <summary>The types of values that filters take.</summary>
internal enum ListValue
{
    Boolean,
    Integer,
    Money,
    Instant,
    Text,
    Integers,
}

/// <summary>The text forms of filter values.</summary>
internal static class ListText
{
    /// <summary>An example, and what an error message says is expected.</summary>
    public static (string Example, string Expected) Of(ListValue kind) => kind switch
    {
        ListValue.Boolean => ("true", "true or false"),
        ListValue.Integer => ("1", "a whole number"),
        ListValue.Money => ("1000", "an amount such as 12.50"),
        ListValue.Instant => ("2025-10-01", "a date (2025-10-01) or an instant (2025-10-01T12:00:00Z)"),
        ListValue.Text => ("text", "text"),
        ListValue.Integers => ("123,124", "whole numbers separated by commas"),
    };

    public static bool? Boolean(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };

    public static long? Integer(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    public static decimal? Money(string text) => Amounts.TryParse(text, out var value) ? value : null;

    public static DateTime? Instant(string text) => Instants.TryParseDate(text, out var value) || Instants.TryParseQuery(text, out value) ? value : null;
}

internal sealed class ListDefinition<T> : IListDefinition
{
    /// <summary>A name, an address and a phone number have fewer words. The database searches the text once for each term.</summary>
    private const int MostTerms = 30;

    private readonly string _defaultOrdering;
    private readonly List<Entry> _filters = [];
    private readonly List<SortKey<T>> _keys = [];
    private (Expression<Func<T, string>> Text, string Fields)? _search;

    /// <summary>A list of rows with an id of their own, which breaks ties.</summary>
    public ListDefinition(Expression<Func<T, long>> id, string defaultOrdering) => (Id, _defaultOrdering) = (SortKey<T>.Of("id", id), defaultOrdering);

    /// <summary>A list of a customer's records from another system, ordered by time; ties are broken by the id in that system.</summary>
    public ListDefinition(Expression<Func<T, DateTime>> time, Expression<Func<T, string>> id, string defaultOrdering)
    {
        (Id, _defaultOrdering) = (SortKey<T>.Of("id", id), defaultOrdering);
        Order(defaultOrdering.TrimStart('-'), time);
    }

    /// <summary>The key that breaks ties.</summary>
    public SortKey<T> Id { get; }

    public IEnumerable<ListParameter> Parameters
    {
        get
        {
            foreach (var filter in _filters)
            {
                yield return filter.Parameter;
            }

            if (_search is { } search)
            {
                yield return new(
                    "search",
                    $"Every term must occur in at least one of {search.Fields}. Case, accents and the punctuation of phone numbers do not matter; "
                        + "terms of one or two characters match the beginning of a word.",
                    ListValue.Text,
                    "john");
            }

            yield return new(
                "ordering",
                $"Sort keys separated by commas, with a minus for descending order: {KeyNames}. Missing values come last.",
                ListValue.Text,
                _defaultOrdering);
        }
    }

    private string KeyNames => string.Join(", ", _keys.Select(key => key.Name));

    public ListDefinition<T> Boolean(string name, string description, Func<bool, Expression<Func<T, bool>>> predicate) =>
        Filter(name, description, ListValue.Boolean, (_, text) => ListText.Boolean(text) is { } value ? predicate(value) : null);

    public ListDefinition<T> Integer(string name, string description, Func<long, Expression<Func<T, bool>>> predicate) =>
        Filter(name, description, ListValue.Integer, (_, text) => ListText.Integer(text) is { } value ? predicate(value) : null);

    public ListDefinition<T> Integers(string name, string description, int most, Func<long[], Expression<Func<T, bool>>> predicate) =>
        Filter(name, description, ListValue.Integers, ListText.Of(ListValue.Integers).Example, $"at most {most} whole numbers separated by commas", (_, text) =>
        {
            var values = text.Split(',', StringSplitOptions.TrimEntries).Select(ListText.Integer).ToArray();
            return values.Length <= most && values.All(value => value is not null) ? predicate([.. values.Select(value => value!.Value)]) : null;
        });

    /// <summary>An amount of money. The predicate gets it in minor units.</summary>
    public ListDefinition<T> Money(string name, string description, Func<long, Expression<Func<T, bool>>> predicate) =>
        Filter(name, description, ListValue.Money, (_, text) => ListText.Money(text) is { } value ? predicate((long)(value * 100)) : null);

    /// <summary>An instant, or a date that means midnight in UTC.</summary>
    public ListDefinition<T> Instant(string name, string description, Func<DateTime, Expression<Func<T, bool>>> predicate) =>
        Filter(name, description, ListValue.Instant, (_, text) => ListText.Instant(text) is { } value ? predicate(value) : null);

    /// <summary>A filter with a type of value. <paramref name="parse"/> returns null for a value that is not valid.</summary>
    public ListDefinition<T> Filter(string name, string description, ListValue kind, Func<ClienteleDb, string, Expression<Func<T, bool>>?> parse) =>
        Filter(name, description, kind, ListText.Of(kind).Example, ListText.Of(kind).Expected, parse);

    public ListDefinition<T> Filter(
        string name, string description, ListValue kind, string example, string expected, Func<ClienteleDb, string, Expression<Func<T, bool>>?> parse)
    {
        _filters.Add(new Entry(new ListParameter(name, description, kind, example), expected, parse));
        return this;
    }

    public ListDefinition<T> Text(
        string name, string description, string example, Func<string, Expression<Func<T, bool>>?> predicate, string expected = "text") =>
        Text(name, description, example, (_, text) => predicate(text), expected);

    public ListDefinition<T> Text(
        string name, string description, string example, Func<ClienteleDb, string, Expression<Func<T, bool>>?> predicate, string expected = "text") =>
        Filter(name, description, ListValue.Text, example, expected, predicate);

    /// <summary>A text that must be one of the values.</summary>
    public ListDefinition<T> OneOf(string name, string description, string[] values, string example, Func<string, Expression<Func<T, bool>>> predicate) => Text(
        name,
        $"{description}: {string.Join(", ", values)}.",
        example,
        text => values.Contains(text) ? predicate(text) : null,
        $"{string.Join(", ", values[..^1])} or {values[^1]}");

    public ListDefinition<T> Order<TKey>(string name, Expression<Func<T, TKey>> key)
    {
        _keys.Add(SortKey<T>.Of(name, key));
        return this;
    }

    /// <summary>Searches a text made by <see cref="TextFolding.SearchText"/>.</summary>
    public ListDefinition<T> Search(Expression<Func<T, string>> text, string fields)
    {
        _search = (text, fields);
        return this;
    }

    /// <summary>Narrows the query by one parameter. Returns false if the list has no such parameter.</summary>
    public bool TryNarrow(string name, string value, ClienteleDb db, ref IQueryable<T> query, Errors errors)
    {
        if (name == "search" && _search is { } search)
        {
            var terms = TextFolding.SearchTerms(value);
            if (terms.Count > MostTerms)
            {
                errors.Add(name, $"At most {MostTerms} words.");
                return true;
            }

            query = terms.Aggregate(query, (narrowed, term) => narrowed.Where(Contains(search.Text, term)));
            return true;
        }

        if (_filters.Find(filter => filter.Parameter.Name == name) is not { } known)
        {
            return false;
        }

        if (known.Parse(db, value) is { } predicate)
        {
            query = query.Where(predicate);
        }
        else
        {
            errors.Add(name, $"Must be {known.Expected}.");
        }

        return true;
    }

    /// <summary>The keys that <c>?ordering=</c> names, followed by the id in the direction of the last key.</summary>
    public List<Sort<T>> Sorts(string ordering, Errors errors)
    {
        var sorts = new List<Sort<T>>();
        foreach (var part in (ordering.Length == 0 ? _defaultOrdering : ordering).Split(',', StringSplitOptions.TrimEntries))
        {
            var name = part.TrimStart('-');
            if (part.Length - name.Length > 1 || _keys.Find(key => key.Name == name) is not { } key)
            {
                errors.Add("ordering", $"{Errors.Cut(part)} is not a sort key here; use {KeyNames}, with a minus for descending order.");
            }
            else if (!sorts.Exists(sort => sort.Key == key))
            {
                sorts.Add(new(key, Descending: part.StartsWith('-')));
            }
        }

        if (!errors.Has("ordering"))
        {
            sorts.Add(new(Id, sorts[^1].Descending));
        }

        return sorts;
    }

    private static Expression<Func<T, bool>> Contains(Expression<Func<T, string>> text, string term)
    {
        Expression<Func<string, bool>> contains = value => value.Contains(term);
        return Expression.Lambda<Func<T, bool>>(Swap.In(contains.Body, contains.Parameters[0], text.Body), text.Parameters);
    }

    private sealed record Entry(ListParameter Parameter, string Expected, Func<ClienteleDb, string, Expression<Func<T, bool>>?> Parse);
}
