using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>The parameters of a query string; parameters without a value are left out.</summary>
internal sealed class QueryParameters
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, string> _values = [];

    /// <summary>The parameters by name.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    public void Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _values[name] = value;
        }
    }

    public void Add(string name, bool? value) => Add(name, value switch { true => "true", false => "false", null => null });

    public void Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, decimal? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, DateTimeOffset? value) =>
        Add(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public void Add(string name, DateOnly? value) => Add(name, value?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public void Add(string name, IReadOnlyList<long>? values) =>
        Add(name, values is null ? null : string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture))));

    /// <summary>The names of orderings are those of the query string, with <c>Descending</c> instead of the minus.</summary>
    public void AddOrdering<T>(IReadOnlyList<T>? orderings)
        where T : struct, Enum
    {
        const string descending = "Descending";
        Add("ordering", orderings is null ? null : string.Join(',', orderings.Select(ordering => ordering.ToString()).Select(name =>
            name.EndsWith(descending, StringComparison.Ordinal) ? "-" + Key(name[..^descending.Length]) : Key(name))));

        static string Key(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    public override string ToString() => _text.ToString();
}
