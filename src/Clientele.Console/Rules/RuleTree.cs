using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.ConsoleApp.Rules;

/// <summary>A rule that is edited. It is written as it was read: with the same members, in the same order.</summary>
public sealed class RuleTree
{
    private static readonly string[] Kinds = ["all", "any", "none", "not", "field", "related", "in_group"];
    private static readonly string[] Settings = ["time_zone", "v"];

    // The JSON is shown as text, never as HTML.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The members of a rule without a node.</summary>
    private RuleRaw? _empty;

    private RuleTree(JsonNode? json)
    {
        if (json is JsonObject { Count: var count } members && members.Count(member => Settings.Contains(member.Key)) == count)
        {
            _empty = new RuleRaw(null);
            foreach (var (name, value) in members)
            {
                _empty.Set(name, value?.DeepClone());
            }
        }
        else
        {
            Root = Read(json);
        }
    }

    /// <summary>Null if there is no rule yet.</summary>
    public RulePart? Root { get; private set; }

    /// <summary>All parts, in their order.</summary>
    public IEnumerable<RulePart> Parts => Root?.All ?? [];

    /// <summary>The IANA name of the zone of the rule's days; null for UTC.</summary>
    public string? TimeZone
    {
        get => (Root ?? _empty)?.Text("time_zone");
        set
        {
            var holder = Root ?? (_empty ??= new RuleRaw(null));
            holder.Remove("time_zone");
            if (value is not null)
            {
                holder.InsertFirst("time_zone", value);
            }
        }
    }

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static RuleTree Parse(string json)
    {
        try
        {
            var rule = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });

            // Half a surrogate pair is only found when the text is read.
            _ = rule?.ToJsonString();
            return new RuleTree(rule);
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException(broken.Message, broken);
        }
    }

    public static RuleTree Of(JsonElement json) => Parse(json.GetRawText());

    /// <summary>A node of a rule as a part.</summary>
    public static RulePart Read(JsonNode? json)
    {
        if (json is not JsonObject node || Kinds.Where(node.ContainsKey).ToList() is not [var kind])
        {
            return new RuleRaw(json?.DeepClone());
        }

        return kind switch
        {
            "all" or "any" or "none" when node[kind] is JsonArray list => new RuleBlock(Own(node, kind), kind, list.Select(Read)),
            "not" => new RuleBlock(Own(node, kind), kind, [Read(node[kind])]),
            "field" when RulePart.TextOf(node[kind]) is not null => new RuleCondition(Own(node)),
            "related" when RulePart.TextOf(node[kind]) is not null =>
                new RuleRows(Own(node, "where"), node.TryGetPropertyValue("where", out var where) ? Read(where) : null),
            "in_group" => new RuleMembership(Own(node)),
            _ => new RuleRaw(node.DeepClone()),
        };
    }

    public JsonNode ToJson() => Root is null ? _empty?.MembersToJson() ?? [] : Root.ToJson() ?? new JsonObject();

    /// <summary>The JSON in lines, for people.</summary>
    public string ToReadableJson() => ToJson().ToJsonString(Readable);

    /// <summary>Puts a part where the place has room: into a block, among the conditions of rows, or, without a place, at the end of the rule.</summary>
    public void Add(RulePart? place, RulePart part)
    {
        switch (place)
        {
            case RuleBlock { IsList: true } block:
                block.Insert(block.Children.Count, part);
                break;
            case RuleRows { Where: null } rows:
                rows.ChangeWhere(part);
                break;
            case RuleRows rows:
                Add(rows.Where, part);
                break;
            case null when Root is null:
                ChangeRoot(part);
                break;
            case null:
                Add(Root is RuleRows ? Wrapped(Root, "all") : Root, part);
                break;
            default:
                Add(Wrapped(place, "all"), part);
                break;
        }
    }

    public void Remove(RulePart part)
    {
        switch (part.Parent)
        {
            case RuleBlock { IsList: true } block:
                block.Remove(part);
                break;
            case RuleRows rows:
                rows.ChangeWhere(null);
                break;
            case { } not:
                Remove(not);
                break;
            default:
                ChangeRoot(null);
                break;
        }
    }

    public void Replace(RulePart part, RulePart with)
    {
        switch (part.Parent)
        {
            case RuleBlock block:
                block.Replace(part, with);
                break;
            case RuleRows rows:
                rows.ChangeWhere(with);
                break;
            default:
                ChangeRoot(with);
                break;
        }
    }

    /// <summary>Puts a part into a new block.</summary>
    public RuleBlock Wrapped(RulePart part, string kind)
    {
        var block = new RuleBlock(kind);
        Replace(part, block);
        block.Insert(0, part);
        return block;
    }

    /// <summary>Puts a part into a <c>not</c>.</summary>
    public void Negated(RulePart part)
    {
        var not = new RuleBlock(RuleBlock.Not, new RuleRaw(null));
        Replace(part, not);
        not.Replace(not.Children[0], part);
    }

    /// <summary>Removes a block and keeps what is in it, where there is room for that.</summary>
    public bool Unwrap(RuleBlock block)
    {
        if (block.Parent is RuleBlock { IsList: true } parent)
        {
            var index = parent.IndexOf(block);
            parent.Remove(block);
            foreach (var child in block.Children.Reverse())
            {
                parent.Insert(index, child);
            }

            return true;
        }

        if (block.Children is [var only])
        {
            Replace(block, only);
            return true;
        }

        return false;
    }

    /// <summary>Puts a copy behind the part.</summary>
    public RulePart Duplicate(RulePart part)
    {
        var parent = part.Parent is RuleBlock { IsList: true } block ? block : Wrapped(part, "all");
        var copy = Read(part.ToJson());
        parent.Insert(parent.IndexOf(part) + 1, copy);
        return copy;
    }

    /// <summary>Moves a part up or down by one line: past its neighbour, into a neighbouring block, or out of its own. False if there is no room.</summary>
    public static bool Move(RulePart part, bool up)
    {
        if (part.Parent is not RuleBlock { IsList: true } block)
        {
            return false;
        }

        var index = block.IndexOf(part);
        var next = index + (up ? -1 : 1);
        if (next >= 0 && next < block.Children.Count)
        {
            var neighbour = block.Children[next];
            block.Remove(part);
            if (neighbour is RuleBlock { IsList: true } inner)
            {
                inner.Insert(up ? inner.Children.Count : 0, part);
            }
            else
            {
                block.Insert(next, part);
            }

            return true;
        }

        if (block.Parent is RuleBlock { IsList: true } outer)
        {
            block.Remove(part);
            outer.Insert(outer.IndexOf(block) + (up ? 0 : 1), part);
            return true;
        }

        return false;
    }

    /// <summary>The part that a JSON pointer into the rule is about, and the rest of the pointer; null if the rule has no part.</summary>
    public (RulePart Part, string Inside)? Locate(string path)
    {
        var part = Parts.Where(part => path == part.Path || path.StartsWith(part.Path + "/", StringComparison.Ordinal))
            .MaxBy(part => part.Path.Length);
        return part is null ? null : (part, path[part.Path.Length..].TrimStart('/'));
    }

    private void ChangeRoot(RulePart? part)
    {
        var before = Root ?? _empty;
        (Root, _empty) = (part, part is null ? new RuleRaw(null) : null);
        if (before is not null)
        {
            (Root ?? _empty)!.MoveHere(Settings, before);
        }

        part?.Detach();
    }

    /// <summary>The members of a node; the one that contains other nodes is left to the parts of those.</summary>
    private static JsonObject Own(JsonObject node, string? container = null)
    {
        var own = new JsonObject();
        foreach (var (name, value) in node)
        {
            own[name] = name == container ? null : value?.DeepClone();
        }

        return own;
    }
}
