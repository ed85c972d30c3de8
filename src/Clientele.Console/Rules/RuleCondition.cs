using System.Text.Json.Nodes;
using Clientele.Client;

namespace Clientele.ConsoleApp.Rules;

/// <summary>A condition on a field of the customer or of a row.</summary>
public sealed class RuleCondition(JsonObject members) : RulePart(members)
{
    public RuleCondition()
        : this(new JsonObject { ["field"] = "" })
    {
    }

    public string Field => Text("field") ?? "";

    public string Op => Text("op") ?? "";

    public JsonNode? Value => Members["value"];

    /// <summary>Chooses another field. The operator and value stay if they also fit it.</summary>
    public void ChangeField(string name, RuleTerms terms)
    {
        var (before, after) = (terms.Field(Rows?.Relation, Field), terms.Field(Rows?.Relation, name));
        Set("field", name);
        if (after is null || (before?.Type == after.Type && after.Values is null && after.Operators.Contains(Op)))
        {
            return;
        }

        Members.Remove("value");
        ChangeOp(after.Operators.Contains(Op) && terms.Form(Op) != RuleValueForm.None ? Op : RuleTerms.Usual(after), terms);
    }

    /// <summary>Chooses another operator. The value stays if it has the form that the operator takes.</summary>
    public void ChangeOp(string op, RuleTerms terms)
    {
        RuleValues.ChangeOp(Members, op, terms, terms.Field(Rows?.Relation, Field));
    }

    public void ChangeValue(JsonNode? value)
    {
        if (value is null)
        {
            Members.Remove("value");
        }
        else
        {
            Set("value", value);
        }
    }

    public override string? Unfinished(RuleTerms terms) =>
        Field.Length == 0 ? "Choose a field."
        : Op.Length == 0 ? "Choose a comparison."
        : RuleValues.IsUnfinished(terms.Form(Op), Value) ? "Enter a value."
        : null;
}
