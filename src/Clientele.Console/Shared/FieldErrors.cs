using Clientele.Client;

namespace Clientele.ConsoleApp.Shared;

/// <summary>What a failed save says about the fields of a form, by the names on the wire.</summary>
/// <example>
/// <code>
/// &lt;MudTextField @bind-Value="_email" Label="E-mail" Error="@_errors.Has("email")" ErrorText="@_errors["email"]" /&gt;
/// &lt;Failure Error="_errors.Failure" /&gt;
/// </code>
/// </example>
public sealed class FieldErrors
{
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, string[]> _messages = new Dictionary<string, string[]>();
    private Exception? _failure;

    /// <summary>The failure, unless the form shows all of it at its fields.</summary>
    public Exception? Failure => _messages.Count > 0 && _messages.Keys.All(_shown.Contains) ? null : _failure;

    /// <summary>The messages about a field; null if there are none.</summary>
    public string? this[string field] => _messages.TryGetValue(field, out var messages) ? string.Join(' ', messages.Select(Words)) : null;

    /// <summary>Whether a field is wrong. A field that is asked about counts as shown.</summary>
    public bool Has(string field)
    {
        _shown.Add(field);
        return _messages.ContainsKey(field);
    }

    /// <summary>Takes over what a call failed with.</summary>
    public void Take(Exception failure)
    {
        _failure = failure;
        _messages = failure is ClienteleException refused ? refused.Errors : new Dictionary<string, string[]>();
    }

    /// <summary>The API speaks of the members of its JSON; a form has fields.</summary>
    private static string Words(string message) => message is "This member may not be blank." or "This member is required." ? "Fill this in." : message;

    /// <summary>Forgets the last failure.</summary>
    public void Clear()
    {
        _failure = null;
        _messages = new Dictionary<string, string[]>();
        _shown.Clear();
    }
}
