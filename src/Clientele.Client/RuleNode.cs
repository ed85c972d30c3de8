using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>
/// A node of a rule. What it is, is decided by the member that is present: exactly one of <c>all</c>, <c>any</c>, <c>none</c>, <c>not</c>, <c>field</c>,
/// <c>related</c> and <c>in_group</c>. An empty object means no rule.
/// </summary>
[Strict]
public sealed record RuleNode
{
    /// <summary>True if all of these nodes are; true if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RuleNode>? All { get; init; }

    /// <summary>True if at least one of these nodes is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RuleNode>? Any { get; init; }

    /// <summary>True if none of these nodes is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RuleNode>? None { get; init; }

    /// <summary>True if this node is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RuleNode? Not { get; init; }

    /// <summary>
    /// A condition on a field of the customer, or in a <c>where</c> on a field of the row. It needs <c>op</c>, and the value of the operator.
    /// </summary>
    /// <example>loyalty_tier</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>The operator of a condition.</summary>
    /// <example>gte</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), OneOf(typeof(RuleOperatorName))]
    public string? Op { get; init; }

    /// <summary>
    /// The value of a condition, in the form that the operator takes: a text, number or boolean; a list of them; or a span such as
    /// <c>{"n": 90, "unit": "day"}</c>. Amounts of money can be strings.
    /// </summary>
    /// <example>"gold"</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Value { get; init; }

    /// <summary>A condition on the customer's rows of this kind: at least one, unless a member says how many.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), OneOf(typeof(RuleRelationName))]
    public string? Related { get; init; }

    /// <summary>The rows that count: conditions, and <c>all</c>, <c>any</c>, <c>none</c> and <c>not</c> of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RuleNode? Where { get; init; }

    /// <summary>The window of time that the rows are in.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RuleWindow? Within { get; init; }

    /// <summary>The least number of rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AtLeast { get; init; }

    /// <summary>The greatest number of rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AtMost { get; init; }

    /// <summary>The exact number of rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Exactly { get; init; }

    /// <summary>True if there must be no such row; otherwise left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? NoRows { get; init; }

    /// <summary>True if there must be rows and <c>where</c> must hold for each; otherwise left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Every { get; init; }

    /// <summary>A comparison of a figure of the rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RuleHaving? Having { get; init; }

    /// <summary>True for the current members of this group.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? InGroup { get; init; }

    /// <summary>Only in the outermost node: the time zone of days, an IANA name. UTC if it is left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimeZone { get; init; }

    /// <summary>Only in the outermost node: the version of the language. The only one is 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? V { get; init; }

    /// <summary>The JSON, for <see cref="GroupRequest.AssignmentRules"/> and <see cref="PreviewRequest.AssignmentRules"/>.</summary>
    /// <param name="rule">The rule.</param>
    public static implicit operator JsonElement(RuleNode rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.ToJsonElement();
    }

    /// <summary>Reads the rule of a group. Members that this version of the client does not know are lost.</summary>
    /// <param name="rule">The JSON.</param>
    public static RuleNode FromJsonElement(JsonElement rule) => rule.Deserialize(WireJson.Default.RuleNode)!;

    /// <summary>The JSON.</summary>
    public JsonElement ToJsonElement() => JsonSerializer.SerializeToElement(this, WireJson.Default.RuleNode);
}

/// <summary>A span of time.</summary>
[Strict]
public sealed record RuleSpan
{
    /// <summary>The number of units.</summary>
    /// <example>90</example>
    public required int N { get; init; }

    /// <summary>The unit.</summary>
    /// <example>day</example>
    [OneOf(typeof(RuleUnit))]
    public required string Unit { get; init; }
}

/// <summary>A window of time: exactly one of <c>last</c> and <c>between</c>.</summary>
[Strict]
public sealed record RuleWindow
{
    /// <summary>The instant of the row that is in the window.</summary>
    /// <example>placed_at</example>
    public required string On { get; init; }

    /// <summary>The window is the span before now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RuleSpan? Last { get; init; }

    /// <summary>The window begins at the first of these two instants or dates, and ends before the second.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Between { get; init; }
}

/// <summary>A comparison of a figure of several rows.</summary>
[Strict]
public sealed record RuleHaving
{
    /// <summary>The figure.</summary>
    /// <example>sum</example>
    [OneOf(typeof(RuleAggregateName))]
    public required string Agg { get; init; }

    /// <summary>The field of the rows; only <c>count</c> can do without.</summary>
    /// <example>net</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Of { get; init; }

    /// <summary>The operator.</summary>
    /// <example>gte</example>
    [OneOf(typeof(RuleOperatorName))]
    public required string Op { get; init; }

    /// <summary>The value that the figure is compared with.</summary>
    /// <example>"100.00"</example>
    public required JsonElement Value { get; init; }
}

/// <summary>The data of a customer that a node was compared with.</summary>
public sealed record RuleActual
{
    /// <summary>The value of the field, null if it is missing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Value { get; init; }

    /// <summary>The number of rows that the node considers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Rows { get; init; }

    /// <summary>The number of rows with a value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }

    /// <summary>The number of different values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CountDistinct { get; init; }

    /// <summary>The sum.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Sum { get; init; }

    /// <summary>The least value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Min { get; init; }

    /// <summary>The greatest value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Max { get; init; }

    /// <summary>The average.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Avg { get; init; }
}
