using Clientele.Server.Addresses;

namespace Clientele.Server.Rules;

/// <summary>A field that conditions can test: a member of a customer, or of the rows of a relation.</summary>
internal abstract record Field(string Name, FieldType Type, string Description, Facets Reads)
{
    /// <summary>The test whether a value is present.</summary>
    public abstract Predicate Presence { get; }

    /// <summary>The test that <paramref name="op"/> means for this field and value. Null if the value is wrong; the reader then has the error.</summary>
    public abstract Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer);

    public virtual IReadOnlyList<string> Operators => Rules.Operators.Of(Type);

    /// <summary>Whether its amounts of money are in the store's currency, and not in the one of each order.</summary>
    public bool IsInStoreCurrency { get; init; }
}

/// <summary>A field that is an expression over its row.</summary>
internal abstract record ValueField(string Name, FieldType Type, string Description, Facets Reads, LambdaExpression Value)
    : Field(Name, Type, Description, Reads)
{
    public override Predicate Presence => new RowPredicate(IsSet);

    /// <summary>Creates the range for values that a threshold has passed, if it is not a range of the field's own rows.</summary>
    public Func<Interval, DueRange>? Passed { get; init; }

    public virtual Expression IsSet(Expression row) => Logic.IsSet(Logic.Of(Value, row));

    /// <summary>The test whether the value is one of these. Null if they could not be read.</summary>
    protected RowPredicate? IsOneOf(IReadOnlyList<object>? wanted) => wanted is null ? null : new(row => OneOf.Of(Logic.Of(Value, row), wanted));
}

internal sealed record BooleanField(string Name, string Description, Facets Reads, LambdaExpression Value)
    : ValueField(Name, FieldType.Boolean, Description, Reads, Value)
{
    public static object? Flag(JsonElement element) => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : null;

    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) =>
        reader.List(op, value, pointer, "true or false", Flag) is { } wanted
            ? new RowPredicate(row => Logic.Any(wanted.Distinct().Select(one => (bool)one ? Logic.Of(Value, row) : Logic.Not(Logic.Of(Value, row)))))
            : null;
}

/// <summary>A text. <paramref name="Fold"/> folds the compared value in the same way as the column.</summary>
internal sealed record TextField(string Name, string Description, Facets Reads, LambdaExpression Value, Func<string, string> Fold)
    : ValueField(Name, FieldType.Text, Description, Reads, Value)
{
    public override Expression IsSet(Expression row) => Texts.IsSet(Logic.Of(Value, row));

    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) =>
        Texts.Read(op, value, reader, pointer, Fold) is { } test ? new RowPredicate(row => test(Logic.Of(Value, row))) : null;
}

/// <summary>A phone number, compared as E.164 however the condition writes it.</summary>
internal sealed record PhoneField(string Name, string Description, Facets Reads, LambdaExpression Value)
    : ValueField(Name, FieldType.Text, Description, Reads, Value)
{
    public override Expression IsSet(Expression row) => Texts.IsSet(Logic.Of(Value, row));

    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) =>
        Texts.Read(op, value, reader, pointer, text => Compared(op, text, reader.Region)) is { } test
            ? new RowPredicate(row => test(Logic.Of(Value, row)))
            : null;

    private static string Compared(Operator op, string text, string? region) => op == Operator.StartsWith
        ? Customers.PhoneNumbers.Beginning(text, region)
        : Customers.PhoneNumbers.Compared(text, region, isWhole: op is Operator.Eq or Operator.In);
}

/// <summary>One of a few names, each with the value in its column.</summary>
internal sealed record EnumerationField(
    string Name, string Description, Facets Reads, LambdaExpression Value, IReadOnlyList<(string Name, object Value)> Values)
    : ValueField(Name, FieldType.Enumeration, Description, Reads, Value)
{
    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) =>
        IsOneOf(reader.List(op, value, pointer, $"one of {string.Join(", ", Values.Select(known => known.Name))}", Find));

    private object? Find(JsonElement element) =>
        Values.FirstOrDefault(known => string.Equals(known.Name, RuleReader.Text(element), StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>The loyalty tier: an enumeration with configured names and order. A tier that is no longer configured ranks below all others.</summary>
internal sealed record TierField(string Name, string Description, Facets Reads, LambdaExpression Value)
    : ValueField(Name, FieldType.Enumeration, Description, Reads, Value)
{
    public override IReadOnlyList<string> Operators => [.. base.Operators, .. Rules.Operators.Ordered];

    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer)
    {
        var wanted = reader.List(op, value, pointer, $"one of {string.Join(", ", reader.Tiers)}", element => Find(reader.Tiers, element));
        if (wanted is null || op is Operator.Eq or Operator.In)
        {
            return IsOneOf(wanted);
        }

        var rank = reader.Tiers.ToList().IndexOf((string)wanted[0]);
        var (above, complement) = op switch
        {
            Operator.Gte => (rank, false),
            Operator.Gt => (rank + 1, false),
            Operator.Lt => (rank, true),
            _ => (rank + 1, true),
        };
        string[] tiers = [.. reader.Tiers.Skip(above)];
        return new RowPredicate(row => OneOf.Of(Logic.Of(Value, row), tiers) is var reached && complement ? Logic.Not(reached) : reached);
    }

    private static string? Find(IReadOnlyList<string> tiers, JsonElement element) =>
        tiers.FirstOrDefault(tier => string.Equals(tier, RuleReader.Text(element), StringComparison.OrdinalIgnoreCase));
}

/// <summary>A country, by any of its names; stored as alpha-3.</summary>
internal sealed record CountryField(string Name, string Description, Facets Reads, LambdaExpression Value)
    : ValueField(Name, FieldType.Enumeration, Description, Reads, Value)
{
    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) => IsOneOf(reader.List(
        op, value, pointer, "a country: ISO 3166-1 alpha-2, alpha-3 or its English short name",
        element => CountryRules.Default.Find(RuleReader.Text(element))?.Alpha3));
}

/// <summary>A number, an amount, an instant or a calendar date: a value that is compared with an interval.</summary>
internal sealed record OrderedField(string Name, FieldType Type, string Description, Facets Reads, LambdaExpression Value)
    : ValueField(Name, Type, Description, Reads, Value)
{
    /// <summary>The day of the year of a birthday, as month × 100 + day.</summary>
    public LambdaExpression? Anniversary { get; init; }

    public override IReadOnlyList<string> Operators => Anniversary is null ? base.Operators : [.. base.Operators, Rules.Operators.AnniversaryWithinNext];

    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) => op switch
    {
        Operator.AnniversaryWithinNext => reader.Span(value, pointer, calendar: true) is { } span ? new AnniversaryPredicate(Anniversary!, span) : null,
        _ => Bounds.Read(Type, op, value, reader, pointer) is { } bounds ? new IntervalPredicate(this, bounds) : null,
    };
}

/// <summary>Completed years since a birth date. An interval of ages is an interval of birth dates, which moves every day.</summary>
internal sealed record AgeField(string Name, string Description, Facets Reads, LambdaExpression Value)
    : ValueField(Name, FieldType.Number, Description, Reads, Value)
{
    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) =>
        Bounds.Numbers(FieldType.Number, op, value, reader, pointer) is { } ages
            ? new IntervalPredicate(this, new(
                calendar => ages.IsEmpty ? Interval.Nothing : calendar.Born(Years(ages.Lower), Years(ages.Upper)), DependsOnTime: true))
            : null;

    /// <summary>Nobody is older or younger.</summary>
    private static long? Years(object? bound) => bound is long years ? Math.Clamp(years, -1, 10_000) : null;
}

/// <summary>A sum divided by a count, compared exactly as sum against value × count. Missing if the count is 0.</summary>
internal sealed record AverageField(string Name, string Description, Facets Reads, LambdaExpression Sum, LambdaExpression Count)
    : Field(Name, FieldType.Money, Description, Reads)
{
    public override Predicate Presence => new RowPredicate(row => Expression.GreaterThan(Logic.Of(Count, row), Expression.Constant(0)));

    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) =>
        Averages.Read(FieldType.Money, op, value, reader, pointer) is { } holds
            ? new RowPredicate(row => holds(Logic.Of(Sum, row), Expression.Convert(Logic.Of(Count, row), typeof(long))))
            : null;
}

/// <summary>Texts in a table of their own.</summary>
internal sealed record TagsField(string Name, string Description, Facets Reads) : Field(Name, FieldType.Set, Description, Reads)
{
    public override Predicate Presence => new TagsPredicate(Tags: null, All: false);

    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer) =>
        reader.List(op, value, pointer, Texts.Expected, Texts.Of) is { } texts
            ? new TagsPredicate([.. texts.Cast<string>().Select(TextFolding.NameKey).Distinct(StringComparer.Ordinal)], op == Operator.ContainsAll)
            : null;
}

/// <summary>A value that the shop itself stores with its customers. It counts as missing if its type is not the type of the condition's value.</summary>
internal sealed record MetadataField(string Key) : Field("metadata." + Key, FieldType.Any, "", Facets.Metadata)
{
    public override Predicate Presence => new MetadataPredicate(Key, entry => Logic.True);

    public override Predicate? Read(Operator op, JsonElement value, RuleReader reader, string pointer)
    {
        var sample = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().FirstOrDefault() : value;
        return op switch
        {
            Operator.Eq or Operator.In when sample.ValueKind is JsonValueKind.True or JsonValueKind.False =>
                reader.List(op, value, pointer, "true or false, like the first", BooleanField.Flag) is { } flags
                ? new MetadataPredicate(Key, entry => OneOf.Of(Expression.Property(entry, nameof(Customers.CustomerMetadata.Flag)), flags))
                : null,
            Operator.Eq or Operator.In when sample.ValueKind == JsonValueKind.Number =>
                reader.List(op, value, pointer, "a number, like the first", Number) is { } numbers
                ? new MetadataPredicate(Key, entry => OneOf.Of(Expression.Property(entry, nameof(Customers.CustomerMetadata.Number)), numbers))
                : null,
            Operator.Lt or Operator.Lte or Operator.Gt or Operator.Gte =>
                reader.List(op, value, pointer, "a number", Number) is [var bound] ? new MetadataPredicate(Key, entry => Compare(entry, op, bound)) : null,
            Operator.Between =>
                reader.Pair(value, pointer, "a number", Number) is var (from, to)
                ? new MetadataPredicate(Key, entry => Logic.And(Compare(entry, Operator.Gte, from), Compare(entry, Operator.Lte, to)))
                : null,
            _ => Texts.Read(op, value, reader, pointer, TextFolding.NameKey) is { } test
                ? new MetadataPredicate(Key, entry => test(Expression.Property(entry, nameof(Customers.CustomerMetadata.TextKey))))
                : null,
        };
    }

    private static Expression Compare(Expression entry, Operator op, object bound)
    {
        var number = Expression.Property(entry, nameof(Customers.CustomerMetadata.Number));
        return Logic.And(Logic.IsSet(number), Logic.Compare(op, number, Logic.Parameter(bound, typeof(double?))));
    }

    private static object? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
}
