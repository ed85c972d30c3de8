using System.Text.Json;

namespace Clientele.Client;

/// <summary>A field, or a figure of several rows, that a rule compares. Each method is an operator.</summary>
public abstract class Comparable
{
    private protected Comparable()
    {
    }

    /// <summary>Equals the value.</summary>
    public RuleNode EqualTo(RuleValue value) => One(RuleOperatorName.Eq, value);

    /// <summary>Does not equal the value, or is missing.</summary>
    public RuleNode NotEqualTo(RuleValue value) => One(RuleOperatorName.Ne, value);

    /// <summary>Is less than the value.</summary>
    public RuleNode LessThan(RuleValue value) => One(RuleOperatorName.Lt, value);

    /// <summary>Is at most the value.</summary>
    public RuleNode AtMost(RuleValue value) => One(RuleOperatorName.Lte, value);

    /// <summary>Is more than the value.</summary>
    public RuleNode MoreThan(RuleValue value) => One(RuleOperatorName.Gt, value);

    /// <summary>Is at least the value.</summary>
    public RuleNode AtLeast(RuleValue value) => One(RuleOperatorName.Gte, value);

    /// <summary>Lies between the two values: numbers including both, times without the second.</summary>
    public RuleNode Between(RuleValue from, RuleValue to) => Of(RuleOperatorName.Between, RuleValue.Json([from, to]));

    /// <summary>Does not lie between the two values, or is missing.</summary>
    public RuleNode NotBetween(RuleValue from, RuleValue to) => Of(RuleOperatorName.NotBetween, RuleValue.Json([from, to]));

    private protected abstract RuleNode Of(string op, JsonElement? value);

    private protected RuleNode One(string op, RuleValue value) => Of(op, RuleValue.Json(value));
}

/// <summary>A field that a rule tests.</summary>
public sealed class TestedField : Comparable
{
    private readonly string _name;

    internal TestedField(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
    }

    /// <summary>Has a value.</summary>
    public RuleNode IsSet() => Of(RuleOperatorName.IsSet, null);

    /// <summary>Has no value.</summary>
    public RuleNode IsMissing() => Of(RuleOperatorName.IsMissing, null);

    /// <summary>Is one of the values.</summary>
    public RuleNode In(params IReadOnlyList<RuleValue> values) => Of(RuleOperatorName.In, RuleValue.Json(values));

    /// <summary>Is none of the values, or is missing.</summary>
    public RuleNode NotIn(params IReadOnlyList<RuleValue> values) => Of(RuleOperatorName.NotIn, RuleValue.Json(values));

    /// <summary>Contains the text.</summary>
    public RuleNode Containing(string text) => One(RuleOperatorName.Contains, text);

    /// <summary>Does not contain the text, or is missing.</summary>
    public RuleNode NotContaining(string text) => One(RuleOperatorName.NotContains, text);

    /// <summary>Begins with the text.</summary>
    public RuleNode StartingWith(string text) => One(RuleOperatorName.StartsWith, text);

    /// <summary>Ends with the text.</summary>
    public RuleNode EndingWith(string text) => One(RuleOperatorName.EndsWith, text);

    /// <summary>Lies within the span before now.</summary>
    public RuleNode WithinLast(int count, string unit) => Of(RuleOperatorName.WithinLast, Span(count, unit));

    /// <summary>Does not lie within the span before now, or is missing.</summary>
    public RuleNode NotWithinLast(int count, string unit) => Of(RuleOperatorName.NotWithinLast, Span(count, unit));

    /// <summary>Lies within the span after now.</summary>
    public RuleNode WithinNext(int count, string unit) => Of(RuleOperatorName.WithinNext, Span(count, unit));

    /// <summary>Its anniversary lies within the span after now.</summary>
    public RuleNode AnniversaryWithinNext(int count, string unit) => Of(RuleOperatorName.AnniversaryWithinNext, Span(count, unit));

    /// <summary>Contains at least one of the texts: for <see cref="CustomerField.Tags"/>.</summary>
    public RuleNode ContainingAny(params IReadOnlyList<RuleValue> values) => Of(RuleOperatorName.ContainsAny, RuleValue.Json(values));

    /// <summary>Contains all of the texts.</summary>
    public RuleNode ContainingAll(params IReadOnlyList<RuleValue> values) => Of(RuleOperatorName.ContainsAll, RuleValue.Json(values));

    /// <summary>Contains none of the texts.</summary>
    public RuleNode ContainingNone(params IReadOnlyList<RuleValue> values) => Of(RuleOperatorName.ContainsNone, RuleValue.Json(values));

    private protected override RuleNode Of(string op, JsonElement? value) => new() { Field = _name, Op = op, Value = value };

    private static JsonElement Span(int count, string unit) =>
        JsonSerializer.SerializeToElement(new RuleSpan { N = count, Unit = unit }, WireJson.Default.RuleSpan);
}

/// <summary>A figure of several rows that a rule compares.</summary>
public sealed class Aggregate : Comparable
{
    private readonly RuleNode _rows;
    private readonly string _name;
    private readonly string? _field;

    internal Aggregate(RuleNode rows, string name, string? field) => (_rows, _name, _field) = (rows, name, field);

    private protected override RuleNode Of(string op, JsonElement? value) =>
        _rows with { Having = new RuleHaving { Agg = _name, Of = _field, Op = op, Value = value!.Value } };
}

/// <summary>Rows of a customer. As a rule it is true if there is at least one such row.</summary>
public sealed class RelatedRows
{
    private readonly RuleNode _node;

    internal RelatedRows(RuleNode node) => _node = node;

    /// <summary>There is at least one such row.</summary>
    /// <param name="rows">The rows.</param>
    public static implicit operator RuleNode(RelatedRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.ToRuleNode();
    }

    /// <summary>There is at least one such row.</summary>
    public RuleNode ToRuleNode() => _node;

    /// <summary>Only rows for which the rule holds.</summary>
    public RelatedRows Where(RuleNode rule) => new(_node with { Where = rule });

    /// <summary>Only rows whose instant lies within the span before now.</summary>
    public RelatedRows WithinLast(string field, int count, string unit) =>
        new(_node with { Within = new RuleWindow { On = field, Last = new RuleSpan { N = count, Unit = unit } } });

    /// <summary>There are at least that many rows.</summary>
    public RuleNode AtLeast(int rows) => _node with { AtLeast = rows };

    /// <summary>There are at most that many rows.</summary>
    public RuleNode AtMost(int rows) => _node with { AtMost = rows };

    /// <summary>There are exactly that many rows.</summary>
    public RuleNode Exactly(int rows) => _node with { Exactly = rows };

    /// <summary>There is no such row.</summary>
    public RuleNode NoRows() => _node with { NoRows = true };

    /// <summary>There are rows, and <see cref="Where"/> holds for each of them.</summary>
    public RuleNode Every() => _node with { Every = true };

    /// <summary>The number of different values of a field.</summary>
    public Aggregate CountDistinct(string field) => new(_node, RuleAggregateName.CountDistinct, field);

    /// <summary>The sum of a field.</summary>
    public Aggregate Sum(string field) => new(_node, RuleAggregateName.Sum, field);

    /// <summary>The least value of a field.</summary>
    public Aggregate Min(string field) => new(_node, RuleAggregateName.Min, field);

    /// <summary>The greatest value of a field.</summary>
    public Aggregate Max(string field) => new(_node, RuleAggregateName.Max, field);

    /// <summary>The average of a field.</summary>
    public Aggregate Average(string field) => new(_node, RuleAggregateName.Avg, field);
}
