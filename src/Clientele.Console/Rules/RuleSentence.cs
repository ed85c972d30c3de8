using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;

namespace Clientele.ConsoleApp.Rules;

/// <summary>Says in English what a rule means.</summary>
public sealed class RuleSentence
{
    private readonly RuleTerms _terms;
    private readonly RuleValueText _values;

    private RuleSentence(RuleTerms terms, CultureInfo culture) => (_terms, _values) = (terms, new RuleValueText(terms, culture));

    /// <summary>The whole rule as one sentence.</summary>
    public static string Of(RuleTree rule, RuleTerms terms, CultureInfo culture) => new RuleSentence(terms, culture).Whole(rule);

    /// <summary>One node as part of a sentence.</summary>
    public static string Of(RulePart part, RuleTerms terms, CultureInfo culture) => new RuleSentence(terms, culture).Clause(part);

    private string Whole(RuleTree rule)
    {
        // Inactive customers match only rules that ask for them.
        var everybody = rule.Parts.Any(part => part is RuleCondition { Rows: null, Field: "is_active" }) ? "customers" : "active customers";
        return rule.Root switch
        {
            null => "There is no rule yet.",
            RuleBlock { Kind: "all" or "none", Children.Count: 0 } => $"All {everybody}.",
            RuleBlock { Kind: "any", Children.Count: 0 } => "Nobody, because an empty “any of” is never true.",
            RuleBlock { Kind: "none" or RuleBlock.Not } block => $"All {everybody} except those {Joined(block, "or")}.",
            _ => $"{RuleWords.Capital(everybody)} {Clause(rule.Root)}.",
        };
    }

    private string Clause(RulePart part) => part switch
    {
        RuleBlock { Children.Count: 0 } block =>
            block.Kind == "any" ? "who never match (an empty “any of”)" : $"of any kind (an empty “{block.Kind} of”)",
        RuleBlock { Kind: "all" } block => Joined(block, "and"),
        RuleBlock { Kind: "any" } block => Joined(block, "or"),
        RuleBlock block => $"not those {Nested(block)}",
        RuleCondition condition => Condition(condition),
        RuleRows rows => RowsClause(rows),
        RuleMembership membership => $"who are members of {Group(membership)}",
        _ => $"for whom {(part.ToJson() is { } json ? RuleValueText.Json(json) : "null")} holds",
    };

    private string Joined(RuleBlock block, string word) =>
        RuleWords.List([.. block.Children.Select(child => NeedsBrackets(child) && block.Children.Count > 1 ? $"({Clause(child)})" : Clause(child))], word);

    private string Nested(RuleBlock block) => block.Children.Count > 1 ? $"({Joined(block, "or")})" : Joined(block, "or");

    private static bool NeedsBrackets(RulePart part) => part is RuleBlock { Children.Count: > 1, Kind: "all" or "any" };

    private string Group(RuleMembership membership) =>
        membership.Group is not { } id ? "a group that is still to be chosen"
        : _terms.Group(id) is { } name ? $"“{name}”"
        : $"group {id.ToString(CultureInfo.InvariantCulture)}";

    private string Condition(RuleCondition condition)
    {
        if (condition.Field.Length == 0)
        {
            return "with a condition that is not finished";
        }

        var field = _terms.Field(condition.Rows?.Relation, condition.Field);
        return YesOrNo(condition) ?? $"whose {RuleWords.Label(condition.Field)} {Comparison(condition.Op, condition.Value, field)}";
    }

    /// <summary>A condition that something is true or false; null for other conditions.</summary>
    private static string? YesOrNo(RuleCondition condition)
    {
        if (condition.Op == RuleOperatorName.In && IsBoth(condition.Value))
        {
            return YesOrNo(condition, no: "") is { } either ? $"{either} or not" : null;
        }

        return condition.Op is RuleOperatorName.Eq or RuleOperatorName.Ne && condition.Value is JsonValue value && value.TryGetValue<bool>(out var wanted)
            ? YesOrNo(condition, wanted == (condition.Op == RuleOperatorName.Eq) ? "" : "not ")
            : null;
    }

    /// <summary>Whether the value is a list of true and false, which every customer matches.</summary>
    private static bool IsBoth(JsonNode? value) =>
        value is JsonArray { Count: 2 } pair && pair.Select(one => one?.GetValueKind()).Order().SequenceEqual([JsonValueKind.True, JsonValueKind.False]);

    private static string? YesOrNo(RuleCondition condition, string no)
    {
        var (pronoun, are) = condition.Rows is not { } rows ? ("who", "are") : ("that", IsOne(rows) ? "is" : "are");
        string[] words = [.. condition.Field.Split('_', '.')];
        var first = RuleWords.Label(string.Join('_', words[..^1]));
        var rest = RuleWords.Label(string.Join('_', words[1..]));
        return words switch
        {
            ["metadata", ..] => null,
            ["is", ..] => $"{pronoun} {are} {no}{rest}",
            ["accepts", ..] => $"{pronoun} {(no.Length == 0 ? "" : "do not ")}accept {rest.Replace("marketing ", "marketing by ", StringComparison.Ordinal)}",
            [_, .., var last] when last.EndsWith("ed", StringComparison.Ordinal) => $"whose {first} is {no}{last}",
            _ => null,
        };
    }

    private static bool IsOne(RuleRows rows) =>
        rows.Count is null or "every" or "having" || (rows.Count is "at_least" or "at_most" or "exactly" && rows.Number(rows.Count) is 1);

    /// <summary>An operator and its value.</summary>
    private string Comparison(string op, JsonNode? value, RuleField? field)
    {
        if (op.Length == 0)
        {
            return "is …";
        }

        var type = field?.Type;
        var words = RuleWords.Operator(op, ofTimes: type is RuleFieldType.Instant or RuleFieldType.Date);
        return (op, type) switch
        {
            (RuleOperatorName.Lte, RuleFieldType.Enumeration) => $"is {_values.One(value, field)} or lower",
            (RuleOperatorName.Gte, RuleFieldType.Enumeration) => $"is {_values.One(value, field)} or higher",
            (RuleOperatorName.Lt, RuleFieldType.Enumeration) => $"is lower than {_values.One(value, field)}",
            (RuleOperatorName.Gt, RuleFieldType.Enumeration) => $"is higher than {_values.One(value, field)}",
            (RuleOperatorName.IsSet or RuleOperatorName.IsMissing or RuleOperatorName.IsEmpty, RuleFieldType.Set) =>
                words.Replace("is ", "are ", StringComparison.Ordinal),
            (RuleOperatorName.IsSet or RuleOperatorName.IsMissing or RuleOperatorName.IsEmpty, _) => words,
            (RuleOperatorName.In, _) when value is JsonArray { Count: 1 } one => $"is {_values.One(one[0], field)}",
            (RuleOperatorName.NotIn, _) when value is JsonArray { Count: 1 } one => $"is not {_values.One(one[0], field)}",
            (RuleOperatorName.ContainsAll, _) => $"{words} {_values.List(value, field, "and")}",
            _ when value is JsonObject span && span.ContainsKey("unit") => $"{words} {_values.Span(span)}",
            (RuleOperatorName.Between or RuleOperatorName.NotBetween, _) => $"{words} {_values.Pair(value, field)}",
            _ => $"{words} {_values.List(value, field, "or")}",
        };
    }

    private string RowsClause(RuleRows rows)
    {
        var (one, many) = (RuleWords.One(rows.Relation), RuleWords.Many(rows.Relation));
        var those = Which(rows);
        return rows.Count switch
        {
            "at_least" or "at_most" or "exactly" => $"who have {RuleWords.Label(rows.Count)} {Number(rows, rows.Count, one, many)}{those}",
            "no_rows" => $"who have no {many}{those}",
            "every" when rows.Where is not null => $"who have {many}{Window(rows)}, each of them one {Clause(rows.Where)}",
            "having" => Having(rows, one, many),
            _ => $"who have at least one {one}{those}",
        };
    }

    private string Number(RuleRows rows, string member, string one, string many) =>
        rows.Number(member) is 1 ? $"one {one}" : $"{_values.One(rows.Member(member), null)} {many}";

    /// <summary>Which rows: their window of time, and what holds for them.</summary>
    private string Which(RuleRows rows) => Window(rows) + (rows.Where is null ? "" : " " + Clause(rows.Where));

    private string Window(RuleRows rows)
    {
        if (rows.Member("within") is not { } json)
        {
            return "";
        }

        var on = RulePart.TextOf(rows.Within?["on"]) ?? "";
        var happened = RuleWords.Event(on) ?? $"with {RuleWords.Label(on)}";
        return rows.Within is { } window && window.ContainsKey("last") ? $" {happened} within the last {_values.Span(window["last"])}"
            : rows.Within is { } period && period.ContainsKey("between")
                ? $" {happened} between {_values.Pair(period["between"], _terms.Field(rows.Relation, on))}"
            : $" within {RuleValueText.Json(json)}";
    }

    private string Having(RuleRows rows, string one, string many)
    {
        if (rows.Having is not { } having || RulePart.TextOf(having["agg"]) is not { } aggregate)
        {
            return $"whose {many}{Which(rows)} satisfy {RuleValueText.Json(rows.ToJson()!)}";
        }

        var (of, op) = (RulePart.TextOf(having["of"]), RulePart.TextOf(having["op"]) ?? "");
        var field = _terms.Field(rows.Relation, of);
        var compared = Comparison(op, having["value"], aggregate is RuleAggregateName.Count or RuleAggregateName.CountDistinct ? null : field);
        var isTime = field?.Type == RuleFieldType.Instant && aggregate is (RuleAggregateName.Min or RuleAggregateName.Max);
        var figure = RuleWords.Figure(aggregate, isTime);
        return aggregate switch
        {
            _ when isTime && RuleWords.Event(of!) is { } happened && compared.StartsWith("is ", StringComparison.Ordinal)
                && op is not (RuleOperatorName.IsSet or RuleOperatorName.IsMissing) =>
                $"whose {figure} {one}{Which(rows)} was {happened} {compared["is ".Length..]}",
            RuleAggregateName.Count when of is null => $"whose {figure} of {many}{Which(rows)} {compared}",
            RuleAggregateName.Count => $"whose {figure} of {many} with {RuleWords.Label(of)}{Which(rows)} {compared}",
            _ => $"whose {figure} {RuleWords.Label(of ?? "…")} of {many}{Which(rows)} {compared}",
        };
    }
}
