using System.Text.Json.Nodes;
using Clientele.Client;

namespace Clientele.ConsoleApp.Rules;

/// <summary>A condition on the customer's rows of a kind.</summary>
public sealed class RuleRows : RulePart
{
    /// <summary>The members that say how many rows there must be, or what they must amount to.</summary>
    public static readonly IReadOnlyList<string> Counts = ["at_least", "at_most", "exactly", "no_rows", "every", "having"];

    public RuleRows(JsonObject members, RulePart? where)
        : base(members)
    {
        Where = where;
        if (where is not null)
        {
            Adopt(where);
        }
    }

    public RuleRows(string relation)
        : this(new JsonObject { ["related"] = relation }, null)
    {
    }

    public string Relation => Text("related") ?? "";

    /// <summary>What holds for the rows; null if they are all the customer's.</summary>
    public RulePart? Where { get; private set; }

    public JsonObject? Within => Members["within"] as JsonObject;

    /// <summary>The member that counts the rows; null means at least one.</summary>
    public string? Count => Counts.FirstOrDefault(Members.ContainsKey);

    public JsonObject? Having => Members["having"] as JsonObject;

    public override IReadOnlyList<RulePart> Children => Where is null ? [] : [Where];

    public void ChangeWhere(RulePart? where)
    {
        Where = where;
        if (where is null)
        {
            Members.Remove("where");
            return;
        }

        Adopt(where);
        if (!Members.ContainsKey("where"))
        {
            Members.Insert(Members.IndexOf("related") + 1, "where", null);
        }
    }

    /// <summary>Null for rows of all times.</summary>
    public void ChangeWithin(JsonObject? within)
    {
        if (within is null)
        {
            Members.Remove("within");
        }
        else if (Members.ContainsKey("within"))
        {
            Set("within", within);
        }
        else
        {
            Members.Insert(Members.IndexOf(Where is null ? "related" : "where") + 1, "within", within);
        }
    }

    /// <summary>Null for at least one row.</summary>
    public void ChangeCount(string? count, JsonNode? value)
    {
        foreach (var name in Counts.Where(name => name != count))
        {
            Members.Remove(name);
        }

        if (count is not null)
        {
            Set(count, value);
        }
    }

    public override string? Unfinished(RuleTerms terms)
    {
        var on = Within is { } window && (window.ContainsKey("last") || window.ContainsKey("between"));
        return on && Within!["between"] is JsonArray ends && RuleValues.IsUnfinished(RuleValueForm.Pair, ends) ? "Enter both ends of the period."
            : Having is not { } having ? null
            : TextOf(having["agg"]) is { } figure && figure != RuleAggregateName.Count && string.IsNullOrEmpty(TextOf(having["of"])) ? "Choose a field."
            : RuleValues.IsUnfinished(terms.Form(TextOf(having["op"]) ?? ""), having["value"]) ? "Enter a value."
            : null;
    }

    internal override string StepTo(RulePart child) => "where";

    private protected override bool TryWrite(string name, out JsonNode? json)
    {
        json = name == "where" ? Where?.ToJson() : null;
        return name == "where" && Where is not null;
    }
}
