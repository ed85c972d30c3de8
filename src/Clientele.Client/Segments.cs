using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>The vocabulary of rules.</summary>
public sealed record RuleVocabulary
{
    /// <summary>The version of the language, the <c>v</c> of a rule.</summary>
    /// <example>1</example>
    public required int Version { get; init; }

    /// <summary>The fields of a customer that conditions can test, in addition to <c>metadata.&lt;key&gt;</c>.</summary>
    public required IReadOnlyList<RuleField> Fields { get; init; }

    /// <summary>The related rows of a customer that conditions can test.</summary>
    public required IReadOnlyList<RuleRelation> Relations { get; init; }

    /// <summary>All operators.</summary>
    public required IReadOnlyList<RuleOperator> Operators { get; init; }

    /// <summary>The aggregates that <c>having</c> can compare.</summary>
    /// <example>["count", "count_distinct", "sum", "min", "max", "avg"]</example>
    [OneOf(typeof(RuleAggregateName))]
    public required IReadOnlyList<string> Aggregates { get; init; }

    /// <summary>The units of time. Units below a day cannot be used with dates.</summary>
    /// <example>["second", "minute", "hour", "day", "week", "month", "year"]</example>
    [OneOf(typeof(RuleUnit))]
    public required IReadOnlyList<string> Units { get; init; }
}

/// <summary>A field that a condition can test.</summary>
public sealed record RuleField
{
    /// <summary>The name in a rule.</summary>
    /// <example>total_spent</example>
    public required string Name { get; init; }

    /// <summary><c>boolean</c>, <c>text</c>, <c>enumeration</c>, <c>number</c>, <c>money</c>, <c>instant</c>, <c>date</c>, <c>set</c> or <c>any</c>.</summary>
    /// <example>money</example>
    [OneOf(typeof(RuleFieldType))]
    public required string Type { get; init; }

    /// <summary>What the field contains.</summary>
    /// <example>What was spent, in the store's currency.</example>
    public required string Description { get; init; }

    /// <summary>The ISO 4217 code of its amounts of money; null for amounts in the currency of each order, and for other types.</summary>
    /// <example>EUR</example>
    public required string? Currency { get; init; }

    /// <summary>The operators that the field supports.</summary>
    /// <example>["is_set", "is_missing", "eq", "ne", "lt", "lte", "gt", "gte", "between", "not_between"]</example>
    [OneOf(typeof(RuleOperatorName))]
    public required IReadOnlyList<string> Operators { get; init; }

    /// <summary>The possible values, in their order if they have one; null if there are too many to list.</summary>
    /// <example>null</example>
    public required IReadOnlyList<string>? Values { get; init; }

    /// <summary>Whether <c>GET /api/customers/groups/values/</c> returns values of the field to pick from.</summary>
    /// <example>false</example>
    public required bool SuggestsValues { get; init; }
}

/// <summary>Values that a field has had recently.</summary>
public sealed record SeenValuesResponse
{
    /// <summary>At most twenty values, the most common first, then in their order.</summary>
    public required IReadOnlyList<SeenValue> Results { get; init; }
}

/// <summary>A value that a field has had recently.</summary>
public sealed record SeenValue
{
    /// <summary>The value for a rule, as one of the rows has it. Values that differ only by case are one.</summary>
    /// <example>boot-01</example>
    public required string Value { get; init; }

    /// <summary>The product's name, if the value is that of a product and its rows have the name; otherwise null.</summary>
    /// <example>Hiking boot</example>
    public required string? Label { get; init; }

    /// <summary>How many of the rows that were read have the value.</summary>
    /// <example>31</example>
    public required long Count { get; init; }
}

/// <summary>Rows that belong to a customer.</summary>
public sealed record RuleRelation
{
    /// <summary>The name in a rule.</summary>
    /// <example>orders</example>
    [OneOf(typeof(RuleRelationName))]
    public required string Name { get; init; }

    /// <summary>The fields for conditions in <c>where</c>, for windows and for aggregates.</summary>
    public required IReadOnlyList<RuleField> Members { get; init; }
}

/// <summary>An operator of conditions.</summary>
public sealed record RuleOperator
{
    /// <summary>The name in a rule.</summary>
    /// <example>between</example>
    [OneOf(typeof(RuleOperatorName))]
    public required string Name { get; init; }

    /// <summary>
    /// The form of its value: <c>none</c>, <c>value</c>, <c>list</c>, <c>pair</c> (from, to) or <c>span</c>
    /// (<c>{"n": 90, "unit": "day"}</c>).
    /// </summary>
    /// <example>pair</example>
    [OneOf(typeof(RuleValueForm))]
    public required string Value { get; init; }
}

/// <summary>A rule to try out.</summary>
public sealed record PreviewRequest
{
    /// <summary>The rule.</summary>
    /// <example>{"field": "loyalty_tier", "op": "gte", "value": "gold"}</example>
    [Required, Shape(typeof(RuleNode))]
    public JsonElement? AssignmentRules { get; set; }

    /// <summary>The group whose current members the rule is compared with; decisions by hand in this group then count.</summary>
    /// <example>null</example>
    public long? Group { get; set; }

    /// <summary>How many customers to show in each sample, 0 to 100.</summary>
    /// <example>10</example>
    [Range(0, 100, ErrorMessage = "Must be between 0 and 100.")]
    public int SampleSize { get; set; } = 10;
}

/// <summary>The customers that match a rule.</summary>
public sealed record PreviewResponse
{
    /// <summary>How many customers match now.</summary>
    /// <example>1</example>
    public required long Count { get; init; }

    /// <summary>Some of them, ordered by id.</summary>
    public required IReadOnlyList<CustomerSummary> Sample { get; init; }

    /// <summary>How many would enter the group; null if no group was given.</summary>
    /// <example>1</example>
    public required long? Entering { get; init; }

    /// <summary>How many would leave it.</summary>
    /// <example>0</example>
    public required long? Leaving { get; init; }

    /// <summary>How many would stay in it.</summary>
    /// <example>0</example>
    public required long? Staying { get; init; }

    /// <summary>Some of those who would enter.</summary>
    public required IReadOnlyList<CustomerSummary>? EnteringSample { get; init; }

    /// <summary>Some of those who would leave.</summary>
    public required IReadOnlyList<CustomerSummary>? LeavingSample { get; init; }
}

/// <summary>Why a customer is or is not in a group.</summary>
public sealed record ExplanationResponse
{
    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>Whether the customer matches the rule now. Inactive customers do not, unless the rule tests <c>is_active</c> itself.</summary>
    /// <example>true</example>
    public required bool Matches { get; init; }

    /// <summary>Whether the customer is a member.</summary>
    /// <example>true</example>
    public required bool Member { get; init; }

    /// <summary>
    /// <c>rule</c>; <c>included</c> or <c>excluded</c> (by hand); <c>kept</c> from a rule that was switched off; null if the customer is not a member and
    /// was not excluded.
    /// </summary>
    /// <example>rule</example>
    [OneOf(typeof(MemberOrigin))]
    public required string? Origin { get; init; }

    /// <summary>The rule, node by node; null if the group has no rule.</summary>
    public required ExplainedNode? Tree { get; init; }
}

/// <summary>A node of a rule, and its result for a customer.</summary>
public sealed record ExplainedNode
{
    /// <summary>The position of the node, as a JSON pointer into the rule.</summary>
    /// <example>/all/0</example>
    public required string Path { get; init; }

    /// <summary>The node itself, without its children.</summary>
    /// <example>{"field": "loyalty_points", "op": "gte", "value": 500}</example>
    [Shape(typeof(RuleNode))]
    public required JsonElement Node { get; init; }

    /// <summary>Whether the customer matches it.</summary>
    /// <example>false</example>
    public required bool Matches { get; init; }

    /// <summary>
    /// The customer's data: <c>value</c> of a field, null if it is missing; for a node about related rows, <c>rows</c> is the number of rows
    /// that it considers, next to the value that it compares (<c>sum</c>, …). Null for nodes that only combine other nodes.
    /// </summary>
    /// <example>{"value": 320}</example>
    [Shape(typeof(RuleActual))]
    public required JsonElement? Actual { get; init; }

    /// <summary>Whether the result of the whole rule would change if only this node's result did.</summary>
    /// <example>true</example>
    public required bool Decides { get; init; }

    /// <summary>What would have to change to change this node's result; null for nodes with children.</summary>
    /// <example>loyalty_points gte 500 would have to become true; it is 320.</example>
    public required string? Flip { get; init; }

    /// <summary>The child nodes.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<ExplainedNode> Children { get; init; }
}
