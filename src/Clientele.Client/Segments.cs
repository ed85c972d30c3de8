using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>What rules can be made of.</summary>
public sealed record RuleVocabulary
{
    /// <summary>The version of the language, the <c>v</c> of a rule.</summary>
    /// <example>1</example>
    public required int Version { get; init; }

    /// <summary>What conditions on a customer can be about; beside these <c>metadata.&lt;key&gt;</c>.</summary>
    public required IReadOnlyList<RuleField> Fields { get; init; }

    /// <summary>What a customer has rows of.</summary>
    public required IReadOnlyList<RuleRelation> Relations { get; init; }

    /// <summary>All operators.</summary>
    public required IReadOnlyList<RuleOperator> Operators { get; init; }

    /// <summary>What <c>having</c> can compare.</summary>
    /// <example>["count", "count_distinct", "sum", "min", "max", "avg"]</example>
    public required IReadOnlyList<string> Aggregates { get; init; }

    /// <summary>Units of time; those below a day are not for calendar dates.</summary>
    /// <example>["second", "minute", "hour", "day", "week", "month", "year"]</example>
    public required IReadOnlyList<string> Units { get; init; }
}

/// <summary>What a condition can be about.</summary>
public sealed record RuleField
{
    /// <summary>The name in a rule.</summary>
    /// <example>total_spent</example>
    public required string Name { get; init; }

    /// <summary><c>boolean</c>, <c>text</c>, <c>enumeration</c>, <c>number</c>, <c>money</c>, <c>instant</c>, <c>date</c>, <c>set</c> or <c>any</c>.</summary>
    /// <example>money</example>
    public required string Type { get; init; }

    /// <summary>What it is.</summary>
    /// <example>What was spent, in the store's currency.</example>
    public required string Description { get; init; }

    /// <summary>The operators it knows.</summary>
    /// <example>["is_set", "is_missing", "eq", "ne", "lt", "lte", "gt", "gte", "between", "not_between"]</example>
    public required IReadOnlyList<string> Operators { get; init; }

    /// <summary>The values there are, in their order where they have one; null where there are too many to list.</summary>
    /// <example>null</example>
    public required IReadOnlyList<string>? Values { get; init; }
}

/// <summary>Rows that a customer has.</summary>
public sealed record RuleRelation
{
    /// <summary>The name in a rule.</summary>
    /// <example>orders</example>
    public required string Name { get; init; }

    /// <summary>What conditions in <c>where</c>, windows and aggregates can be about.</summary>
    public required IReadOnlyList<RuleField> Members { get; init; }
}

/// <summary>An operator of conditions.</summary>
public sealed record RuleOperator
{
    /// <summary>The name in a rule.</summary>
    /// <example>between</example>
    public required string Name { get; init; }

    /// <summary>How its value is written: <c>none</c>, <c>value</c>, <c>list</c>, <c>pair</c> (from, to) or <c>span</c> (<c>{"n": 90, "unit": "day"}</c>).</summary>
    /// <example>pair</example>
    public required string Value { get; init; }
}

/// <summary>A rule to be tried out.</summary>
public sealed record PreviewRequest
{
    /// <summary>The rule.</summary>
    /// <example>{"field": "loyalty_tier", "op": "gte", "value": "gold"}</example>
    [Required]
    public JsonElement? AssignmentRules { get; set; }

    /// <summary>The group whose present members it is to be compared with; what was decided there by hand then counts.</summary>
    /// <example>null</example>
    public long? Group { get; set; }

    /// <summary>How many customers to show of each kind, 0 to 100.</summary>
    /// <example>10</example>
    [Range(0, 100, ErrorMessage = "Must be between 0 and 100.")]
    public int SampleSize { get; set; } = 10;
}

/// <summary>Whom a rule means.</summary>
public sealed record PreviewResponse
{
    /// <summary>How many customers match now.</summary>
    /// <example>1</example>
    public required long Count { get; init; }

    /// <summary>Some of them, by their ids.</summary>
    public required IReadOnlyList<CustomerSummary> Sample { get; init; }

    /// <summary>How many would enter the group; null where none was given.</summary>
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

/// <summary>Why a customer is, or is not, in a group.</summary>
public sealed record ExplanationResponse
{
    /// <summary>The customer's number.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>Whether the rule means the customer now; inactive customers it does not, unless it tests <c>is_active</c> itself.</summary>
    /// <example>true</example>
    public required bool Matches { get; init; }

    /// <summary>Whether the customer is a member.</summary>
    /// <example>true</example>
    public required bool Member { get; init; }

    /// <summary><c>rule</c>, <c>included</c> or <c>excluded</c> (by hand); null for who is no member and was not excluded.</summary>
    /// <example>rule</example>
    public required string? Origin { get; init; }

    /// <summary>The rule, node by node; null for a group without one.</summary>
    public required ExplainedNode? Tree { get; init; }
}

/// <summary>A node of a rule, and what is true of a customer.</summary>
public sealed record ExplainedNode
{
    /// <summary>Where the node stands, as a JSON pointer into the rule.</summary>
    /// <example>/all/0</example>
    public required string Path { get; init; }

    /// <summary>The node itself, without its children.</summary>
    /// <example>{"field": "loyalty_points", "op": "gte", "value": 500}</example>
    public required JsonElement Node { get; init; }

    /// <summary>Whether it is true of the customer.</summary>
    /// <example>false</example>
    public required bool Matches { get; init; }

    /// <summary>
    /// What the customer has there: <c>value</c> of a field, null where it is missing; <c>rows</c> of a related node, how many it looks
    /// at, and beside it what of them is compared (<c>sum</c>, …). Null for nodes of nodes.
    /// </summary>
    /// <example>{"value": 320}</example>
    public required JsonElement? Actual { get; init; }

    /// <summary>Whether the whole rule would turn if this node alone did.</summary>
    /// <example>true</example>
    public required bool Decides { get; init; }

    /// <summary>What would have to change for this node to turn; null for nodes with children.</summary>
    /// <example>loyalty_points gte 500 would have to become true; it is 320.</example>
    public required string? Flip { get; init; }

    /// <summary>The nodes in it.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<ExplainedNode> Children { get; init; }
}
