using System.Globalization;
using System.Text.Json.Nodes;

namespace Clientele.ConsoleApp.Rules;

/// <summary>A node that combines others: <c>all</c>, <c>any</c>, <c>none</c>, or <c>not</c> with one child.</summary>
public sealed class RuleBlock : RulePart
{
    public const string Not = "not";

    public static readonly IReadOnlyList<string> Kinds = ["all", "any", "none"];

    private readonly List<RulePart> _children;

    public RuleBlock(JsonObject members, string kind, IEnumerable<RulePart> children)
        : base(members)
    {
        Kind = kind;
        _children = [.. children];
        _children.ForEach(Adopt);
    }

    public RuleBlock(string kind, params IEnumerable<RulePart> children)
        : this(new JsonObject { [kind] = null }, kind, children)
    {
    }

    public string Kind { get; private set; }

    /// <summary>Whether it can have any number of children.</summary>
    public bool IsList => Kind != Not;

    public override IReadOnlyList<RulePart> Children => _children;

    public int IndexOf(RulePart child) => _children.IndexOf(child);

    public void Insert(int index, RulePart child)
    {
        _children.Insert(index, child);
        Adopt(child);
    }

    public void Remove(RulePart child) => _children.Remove(child);

    public void Replace(RulePart child, RulePart with)
    {
        _children[_children.IndexOf(child)] = with;
        Adopt(with);
    }

    public void ChangeKind(string kind)
    {
        var index = Members.IndexOf(Kind);
        Members.RemoveAt(index);
        Members.Insert(index, kind, null);
        Kind = kind;
    }

    internal override string StepTo(RulePart child) =>
        IsList ? string.Create(CultureInfo.InvariantCulture, $"{Kind}/{_children.IndexOf(child)}") : Kind;

    private protected override bool TryWrite(string name, out JsonNode? json)
    {
        json = name != Kind ? null : IsList ? new JsonArray([.. _children.Select(child => child.ToJson())]) : _children[0].ToJson();
        return name == Kind;
    }
}
