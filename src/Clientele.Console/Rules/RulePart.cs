using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.ConsoleApp.Rules;

/// <summary>A node of a rule that is edited. It keeps all members of its JSON in their order, also those that it does not understand.</summary>
public abstract class RulePart(JsonObject members)
{
    private static int _lastKey;

    /// <summary>Identifies the part on the page.</summary>
    public int Key { get; } = Interlocked.Increment(ref _lastKey);

    public RulePart? Parent { get; internal set; }

    public virtual IReadOnlyList<RulePart> Children => [];

    /// <summary>The part whose rows this part is about; null if it is about the customer.</summary>
    public RuleRows? Rows => Parent as RuleRows ?? Parent?.Rows;

    /// <summary>The position in the rule, as a JSON pointer.</summary>
    public string Path => Parent is null ? "" : $"{Parent.Path}/{Parent.StepTo(this)}";

    /// <summary>The part itself and all parts below it, in their order.</summary>
    public IEnumerable<RulePart> All => Children.SelectMany(child => child.All).Prepend(this);

    /// <summary>What is still to be chosen; null if nothing is.</summary>
    public virtual string? Unfinished(RuleTerms terms) => null;

    /// <summary>The members of the JSON; those that contain other parts have null here.</summary>
    protected JsonObject Members => members;

    public virtual JsonNode? ToJson()
    {
        var json = new JsonObject();
        foreach (var (name, value) in members)
        {
            json[name] = TryWrite(name, out var written) ? written : value?.DeepClone();
        }

        return json;
    }

    /// <summary>Takes over members of another part, at the front.</summary>
    public void MoveHere(IReadOnlyList<string> names, RulePart from)
    {
        foreach (var name in names.Reverse().Where(from.Has))
        {
            var value = from.Members[name];
            from.Members.Remove(name);
            members.Insert(0, name, value);
        }
    }

    public bool Has(string name) => members.ContainsKey(name);

    public JsonNode? Member(string name) => members[name];

    public string? Text(string name) => TextOf(members[name]);

    public long? Number(string name) => NumberOf(members[name]);

    public void Set(string name, JsonNode? value) => members[name] = value;

    public void Remove(string name) => members.Remove(name);

    public void InsertFirst(string name, JsonNode? value) => members.Insert(0, name, value);

    /// <summary>The members without those of other parts.</summary>
    public JsonObject MembersToJson() => members.DeepClone().AsObject();

    /// <summary>Makes the part the outermost one.</summary>
    public void Detach() => Parent = null;

    public static string? TextOf(JsonNode? json) => json is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A whole number, whether it was read from text or made by the builder, which are two types to JsonValue.</summary>
    public static long? NumberOf(JsonNode? json) =>
        json is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The steps of the pointer to a child.</summary>
    internal virtual string StepTo(RulePart child) => "";

    /// <summary>The JSON of a member that contains other parts.</summary>
    private protected virtual bool TryWrite(string name, out JsonNode? json)
    {
        json = null;
        return false;
    }

    private protected void Adopt(RulePart child) => child.Parent = this;
}
