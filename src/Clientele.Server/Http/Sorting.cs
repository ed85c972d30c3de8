namespace Clientele.Server.Http;

/// <summary>A key that a list can be ordered by.</summary>
internal abstract class SortKey<T>(string name, LambdaExpression selector)
{
    public string Name => name;

    public LambdaExpression Selector => selector;

    /// <summary>Whether values can be missing; missing values come last in both directions.</summary>
    public bool Nullable { get; } = System.Nullable.GetUnderlyingType(selector.ReturnType) is not null;

    public static SortKey<T> Of<TKey>(string name, Expression<Func<T, TKey>> selector) => new Typed<TKey>(name, selector);

    public abstract IOrderedQueryable<T> Order(IQueryable<T> query, bool first, bool descending, bool nullsFirst);

    /// <summary>The value of a cursor as a parameter of the statement; null if the text is not a valid value of this key.</summary>
    public abstract Expression? Parameter(string text);

    private sealed class Typed<TKey>(string name, Expression<Func<T, TKey>> selector) : SortKey<T>(name, selector)
    {
        public override IOrderedQueryable<T> Order(IQueryable<T> query, bool first, bool descending, bool nullsFirst)
        {
            if (Nullable)
            {
                var missing = Expression.Lambda<Func<T, bool>>(Expression.Equal(selector.Body, Expression.Constant(null, typeof(TKey))), selector.Parameters);
                query = By(query, missing, first, nullsFirst);
                first = false;
            }

            return By(query, selector, first, descending);
        }

        public override Expression? Parameter(string text)
        {
            object? value = Type.GetTypeCode(System.Nullable.GetUnderlyingType(typeof(TKey)) ?? typeof(TKey)) switch
            {
                TypeCode.String when WireText.Complaint(text) is null => text,
                TypeCode.Int64 when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
                TypeCode.Int32 when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
                TypeCode.Boolean when bool.TryParse(text, out var flag) => flag,
                TypeCode.DateTime when DateTime.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var instant)
                    && instant.Kind == DateTimeKind.Utc => instant,
                TypeCode.Object when typeof(TKey) == typeof(Guid) && Guid.TryParse(text, out var guid) => guid,
                _ => null,
            };

            // A member of an object, not a constant, so that it becomes a parameter of the statement.
            return value is null ? null : Expression.Property(Expression.Constant(new Box((TKey)value)), nameof(Box.Value));
        }

        private static IOrderedQueryable<T> By<TBy>(IQueryable<T> query, Expression<Func<T, TBy>> by, bool first, bool descending) => (first, descending) switch
        {
            (true, false) => query.OrderBy(by),
            (true, true) => query.OrderByDescending(by),
            (false, false) => ((IOrderedQueryable<T>)query).ThenBy(by),
            (false, true) => ((IOrderedQueryable<T>)query).ThenByDescending(by),
        };

        private sealed record Box(TKey Value);
    }
}

/// <summary>A key and its direction.</summary>
internal sealed record Sort<T>(SortKey<T> Key, bool Descending);

/// <summary>Orders a query and skips the rows up to a given one.</summary>
internal static class Sorting
{
    public static IQueryable<T> InOrder<T>(this IQueryable<T> query, IReadOnlyList<Sort<T>> sorts, bool backwards)
    {
        for (var i = 0; i < sorts.Count; i++)
        {
            query = sorts[i].Key.Order(query, first: i == 0, sorts[i].Descending != backwards, nullsFirst: backwards);
        }

        return query;
    }

    /// <summary>The rows that come after the given key values (or before them, going backwards); null if a value is not valid for its key.</summary>
    public static IQueryable<T>? After<T>(this IQueryable<T> query, IReadOnlyList<Sort<T>> sorts, IReadOnlyList<string?> values, bool backwards)
    {
        var row = Expression.Parameter(typeof(T), "row");
        Expression? after = null;
        Expression? bound = null;
        Expression? equal = null;
        for (var i = 0; i < sorts.Count; i++)
        {
            var sort = sorts[i];
            var key = Swap.In(sort.Key.Selector.Body, sort.Key.Selector.Parameters[0], row);
            var value = values[i] is { } text ? sort.Key.Parameter(text) : null;
            if (value is null && (values[i] is not null || !sort.Key.Nullable))
            {
                return null;
            }

            var beyond = value is null ? BeyondMissing(key, backwards) : Beyond(key, value, sort, backwards);
            after = Or(after, And(equal, beyond));

            // Redundant, but lets the database start at the right place in the index.
            if (i == 0 && value is not null && !sort.Key.Nullable && key.Type != typeof(bool))
            {
                bound = Compare(key, value, sort.Descending != backwards, orEqual: true);
            }

            equal = And(equal, Expression.Equal(key, value ?? Expression.Constant(null, key.Type)));
        }

        return query.Where(Expression.Lambda<Func<T, bool>>(And(bound, after!), row));
    }

    /// <summary>Missing values come last: nothing follows them going forwards, and every present value follows them going backwards.</summary>
    private static Expression BeyondMissing(Expression key, bool backwards) =>
        backwards ? Expression.NotEqual(key, Expression.Constant(null, key.Type)) : Expression.Constant(false);

    private static Expression Beyond<T>(Expression key, Expression value, Sort<T> sort, bool backwards)
    {
        var beyond = Compare(key, value, sort.Descending != backwards);
        return sort.Key.Nullable && !backwards ? Expression.OrElse(beyond, Expression.Equal(key, Expression.Constant(null, key.Type))) : beyond;
    }

    private static Expression Compare(Expression key, Expression value, bool descending, bool orEqual = false)
    {
        if (key.Type == typeof(bool))
        {
            return descending ? Expression.AndAlso(value, Expression.Not(key)) : Expression.AndAlso(Expression.Not(value), key);
        }

        if (key.Type == typeof(string))
        {
            key = Expression.Call(typeof(string), nameof(string.Compare), null, key, value);
            value = Expression.Constant(0);
        }

        return (descending, orEqual) switch
        {
            (false, false) => Expression.GreaterThan(key, value),
            (false, true) => Expression.GreaterThanOrEqual(key, value),
            (true, false) => Expression.LessThan(key, value),
            (true, true) => Expression.LessThanOrEqual(key, value),
        };
    }

    private static Expression And(Expression? left, Expression right) => left is null ? right : Expression.AndAlso(left, right);

    private static Expression Or(Expression? left, Expression right) => left is null ? right : Expression.OrElse(left, right);
}

/// <summary>Replaces one expression by another.</summary>
internal sealed class Swap(Expression from, Expression to) : ExpressionVisitor
{
    public static Expression In(Expression expression, Expression from, Expression to) => new Swap(from, to).Visit(expression)!;

    public override Expression? Visit(Expression? node) => node == from ? to : base.Visit(node);
}
