namespace Clientele.Server.Http;

/// <summary>The query parameters of a list: its filters, orderings and search. The API description is generated from the same lines.</summary>
internal interface IListDefinition
{
    IEnumerable<ListParameter> Parameters { get; }
}

/// <summary>A query parameter of a list, as described in the API description.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Value">The type of its values.</param>
/// <param name="Example">A value.</param>
/// <param name="Names">All values, if they are a closed set that no setting changes.</param>
internal sealed record ListParameter(string Name, string Description, ListValue Value, string Example, IReadOnlyList<string>? Names = null);

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

    /// <summary>The names as they are listed in a sentence.</summary>
    public static string Either(IReadOnlyList<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";

    /// <summary>The one of the names that the text means, regardless of case; null if there is none.</summary>
    public static string? OneOf(IEnumerable<string> names, string text)
    {
        var key = TextFolding.NameKey(text);
        return names.FirstOrDefault(name => TextFolding.NameKey(name) == key);
    }

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

    /// <summary>More than any list has. What follows is reported as one unknown key, however long it is.</summary>
    private const int MostSortKeys = 20;

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

    /// <summary>A list of rows of all customers, ordered by time; ties are broken by the id.</summary>
    public ListDefinition(Expression<Func<T, DateTime>> time, Expression<Func<T, Guid>> id, string defaultOrdering)
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
                        + "terms of one or two characters match the beginning of a word, in Han, Kana and Hangul any part.",
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

    private string KeyNames => string.Join(", ", _keys.Select(key => key.Name).Distinct());

    /// <summary>Whether the parameter may be repeated, which is the same as one list of all its values.</summary>
    public bool TakesSeveral(string name) => _filters.Exists(filter => filter.Parameter.Name == name && filter.Parameter.Value == ListValue.Integers);

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

    /// <summary>A filter by one of a closed set of names, regardless of case. Other values are refused.</summary>
    public ListDefinition<T> OneOf(
        string name, string description, IReadOnlyList<string> names, string example, Func<string, Expression<Func<T, bool>>> predicate)
    {
        var parameter = new ListParameter(name, $"{description}: {ListText.Either(names)}.", ListValue.Text, example, names);
        _filters.Add(new Entry(parameter, "", (_, known) => predicate(known), _ => names));
        return this;
    }

    /// <summary>The same for names that settings can change.</summary>
    public ListDefinition<T> OneOf(
        string name, string description, Func<IServiceProvider, IReadOnlyList<string>> names, string example,
        Func<ClienteleDb, string, Expression<Func<T, bool>>?> predicate)
    {
        _filters.Add(new Entry(new ListParameter(name, description, ListValue.Text, example), "", predicate, names));
        return this;
    }

    public ListDefinition<T> Text(
        string name, string description, string example, Func<string, Expression<Func<T, bool>>?> predicate, string expected = "text") =>
        Text(name, description, example, (_, text) => predicate(text), expected);

    public ListDefinition<T> Text(
        string name, string description, string example, Func<ClienteleDb, string, Expression<Func<T, bool>>?> predicate, string expected = "text") =>
        Filter(name, description, ListValue.Text, example, expected, predicate);

    /// <summary>An ordering. Several keys with one name are one ordering, the most important key first.</summary>
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
    public bool TryNarrow(string name, string value, IServiceProvider services, ref IQueryable<T> query, Errors errors)
    {
        if (name == "search" && _search is { } search)
        {
            var terms = TextFolding.SearchTerms(value);
            if (terms.Count > MostTerms)
            {
                errors.Add(name, $"At most {MostTerms} words.");
                return true;
            }

            if (terms.Count == 0 && !VisibleText.IsBlank(value))
            {
                // A search without terms would find all rows.
                errors.Add(name, "Must have a letter or a digit.");
                return true;
            }

            query = terms.Aggregate(query, (narrowed, term) => narrowed.Where(Contains(search.Text, term)));
            return true;
        }

        if (_filters.Find(filter => filter.Parameter.Name == name) is not { } known)
        {
            return false;
        }

        var names = known.Names?.Invoke(services);
        var read = names is null ? value : ListText.OneOf(names, value);
        if (read is not null && known.Parse(services.GetRequiredService<ClienteleDb>(), read) is { } predicate)
        {
            query = query.Where(predicate);
        }
        else
        {
            errors.Add(name, $"Must be {(names is null ? known.Expected : ListText.Either(names))}.");
        }

        return true;
    }

    /// <summary>The keys that <c>?ordering=</c> names, followed by the id in the direction of the last key.</summary>
    public List<Sort<T>> Sorts(string ordering, Errors errors)
    {
        var sorts = new List<Sort<T>>();
        foreach (var part in (ordering.Length == 0 ? _defaultOrdering : ordering).Split(',', MostSortKeys, StringSplitOptions.TrimEntries))
        {
            var name = part.TrimStart('-');
            var keys = _keys.FindAll(key => key.Name == name);
            if (part.Length - name.Length > 1 || keys.Count == 0)
            {
                errors.Add("ordering", $"{Errors.Cut(part)} is not a sort key here; use {KeyNames}, with a minus for descending order.");
            }
            else if (!sorts.Exists(sort => sort.Key.Name == name))
            {
                sorts.AddRange(keys.Select(key => new Sort<T>(key, Descending: part.StartsWith('-'))));
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

    /// <summary>A filter. <paramref name="Names"/> are all its values, if it has a closed set of them.</summary>
    private sealed record Entry(
        ListParameter Parameter, string Expected, Func<ClienteleDb, string, Expression<Func<T, bool>>?> Parse,
        Func<IServiceProvider, IReadOnlyList<string>>? Names = null);
}
