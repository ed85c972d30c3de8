using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.ConsoleApp.Rules;

/// <summary>A rule while it is edited: as a tree and as JSON beside it, what can be undone, and what the service says about it.</summary>
public sealed class RuleEditor(RuleTerms terms)
{
    private const string Body = "/assignment_rules";

    private readonly List<string> _past = [];
    private readonly List<string> _future = [];
    private readonly Dictionary<int, List<(string Member, string Message)>> _errors = [];
    private string _current = "{}";
    private string? _lastChange;

    /// <summary>Called when the rule has changed.</summary>
    public Action? Changed { get; set; }

    public RuleTerms Terms => terms;

    public RuleTree Tree { get; private set; } = RuleTree.Parse("{}");

    /// <summary>The rule as JSON, or what was typed instead of it.</summary>
    public string Json { get; private set; } = "{}";

    /// <summary>Why the typed text is not JSON; null if it is. The tree is then the one before.</summary>
    public string? JsonError { get; private set; }

    /// <summary>The rule as it was saved, or as it was opened.</summary>
    public string Saved { get; private set; } = "{}";

    public bool IsChanged => !JsonNode.DeepEquals(JsonNode.Parse(Saved), JsonNode.Parse(_current));

    public bool CanUndo => _past.Count > 0;

    public bool CanRedo => _future.Count > 0;

    /// <summary>The part that gets the focus when it is shown next.</summary>
    public int? Focus { get; set; }

    /// <summary>Messages of the service about the rule as a whole.</summary>
    public IReadOnlyList<string> RuleErrors { get; private set; } = [];

    /// <summary>Whether everything in the rule is chosen.</summary>
    public bool IsFinished => JsonError is null && Tree.Root is not null && Tree.Parts.All(part => part.Unfinished(terms) is null);

    /// <summary>Begins with a rule that is taken as saved.</summary>
    public void Open(JsonElement rule, bool isSaved = true)
    {
        (Tree, _lastChange) = (RuleTree.Of(rule), null);
        _past.Clear();
        _future.Clear();
        Show();
        Saved = isSaved ? _current : "{}";
        Forget();
        Changed?.Invoke();
    }

    /// <summary>Forgets what was before the current rule: there is nothing to undo.</summary>
    public void Begin() => _past.Clear();

    /// <summary>Takes the current rule as saved.</summary>
    public void MarkSaved() => Saved = _current;

    /// <summary>Changes the rule. Changes of one thing after the other, such as letters of a text, are undone together.</summary>
    /// <param name="edit">Changes the tree.</param>
    /// <param name="thing">Identifies what is changed; null if it is undone alone.</param>
    public void Change(Action<RuleTree> edit, string? thing = null)
    {
        edit(Tree);
        var after = Tree.ToReadableJson();
        if (after == _current)
        {
            return;
        }

        Remember(thing);
        Show();
        Forget();
        Changed?.Invoke();
    }

    /// <summary>Takes what was typed as JSON.</summary>
    public void ChangeJson(string text)
    {
        Json = text;
        try
        {
            var tree = RuleTree.Parse(text);
            if (tree.Root is { } root && root.ToJson() is not JsonObject)
            {
                throw new JsonException("A rule is an object: it begins with { and ends with }.");
            }

            var json = tree.ToReadableJson();
            if (json != _current)
            {
                Remember("json");
                (Tree, _current) = (tree, json);
                Forget();
            }

            JsonError = null;
        }
        catch (JsonException wrong)
        {
            JsonError = wrong.LineNumber is { } line
                ? $"Line {line + 1}, column {wrong.BytePositionInLine + 1}: {wrong.Message.Split(" LineNumber:")[0].Split(" Path:")[0]}"
                : wrong.Message;
        }

        Changed?.Invoke();
    }

    /// <summary>Writes the JSON again, indented as usual.</summary>
    public void Format()
    {
        if (JsonError is null)
        {
            Json = _current;
        }
    }

    public void Undo() => Step(_past, _future);

    public void Redo() => Step(_future, _past);

    /// <summary>Shows the messages of the service at the parts that they are about.</summary>
    public void Refuse(IReadOnlyDictionary<string, string[]> errors)
    {
        Forget();
        var ofRule = new List<string>();
        foreach (var (path, messages) in errors.Where(error => error.Key.StartsWith(Body, StringComparison.Ordinal) || error.Key == Body[1..]))
        {
            if (path.StartsWith('/') && Tree.Locate(path[Body.Length..]) is var (part, member))
            {
                var known = _errors.TryGetValue(part.Key, out var list) ? list : _errors[part.Key] = [];
                known.AddRange(messages.Select(message => (member, message)));
            }
            else
            {
                ofRule.AddRange(messages);
            }
        }

        RuleErrors = ofRule;
    }

    public void Forget()
    {
        _errors.Clear();
        RuleErrors = [];
    }

    /// <summary>The messages about a part, each with the member that it is about.</summary>
    public IEnumerable<string> ErrorsOf(RulePart part) => _errors.TryGetValue(part.Key, out var errors)
        ? errors.Select(error => error.Member.Length == 0 ? error.Message : $"{RuleWords.Title(error.Member.Replace('/', '.'))}: {error.Message}")
        : [];

    public JsonElement ToJsonElement() => JsonElement.Parse(_current);

    private void Remember(string? thing)
    {
        if (thing is null || thing != _lastChange)
        {
            _past.Add(_current);
        }

        _future.Clear();
        _lastChange = thing;
    }

    private void Step(List<string> from, List<string> to)
    {
        if (from.Count == 0)
        {
            return;
        }

        to.Add(_current);
        (Tree, _lastChange) = (RuleTree.Parse(from[^1]), null);
        from.RemoveAt(from.Count - 1);
        Show();
        Forget();
        Changed?.Invoke();
    }

    private void Show()
    {
        _current = Tree.ToReadableJson();
        (Json, JsonError) = (_current, null);
    }
}
