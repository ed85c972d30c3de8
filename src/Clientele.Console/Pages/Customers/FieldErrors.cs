using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>The messages of a refused request by the fields of a form.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string> _messages = [];

    public static FieldErrors None { get; } = new();

    /// <summary>The messages; those of list entries such as <c>tags/0</c> belong to the field of the list.</summary>
    public static FieldErrors Of(ClienteleException refused)
    {
        var errors = new FieldErrors();
        foreach (var group in refused.Errors.GroupBy(pair => pair.Key.Trim('/').Split('/', '.', '[')[0]))
        {
            errors._messages[group.Key] = string.Join(' ', group.SelectMany(pair => pair.Value));
        }

        return errors;
    }

    public bool Has(string member) => _messages.ContainsKey(member);

    public string? Of(string member) => _messages.GetValueOrDefault(member);

    /// <summary>Whether each message belongs to one of the fields, so that nothing remains to be said beside them.</summary>
    public bool AllBelongTo(IEnumerable<string> members) => _messages.Count > 0 && _messages.Keys.All(members.Contains);
}
