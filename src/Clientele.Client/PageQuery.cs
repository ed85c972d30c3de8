using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>Which page of a list, and how long a page is. By number, or by cursor: at constant cost and stable while others write.</summary>
public abstract record PageQuery
{
    private protected PageQuery()
    {
    }

    /// <summary>The number of the page, from 1; null for the first. Not together with <see cref="Cursor"/>.</summary>
    public int? Page { get; init; }

    /// <summary>
    /// The place to go on from: <see cref="Page{T}.NextCursor"/> of the page before, or an empty text to begin. Filters and
    /// ordering have to be the same on every page.
    /// </summary>
    public string? Cursor { get; init; }

    /// <summary>Rows on a page: 1 to 100. The service's default is 20.</summary>
    public int? PageSize { get; init; }

    /// <summary>The first page by cursor, long: for walking all of them.</summary>
    internal static string FromStart(PageQuery? query) => query is null
        ? "?cursor=&page_size=100"
        : (query with { Page = null, Cursor = query.Cursor ?? "", PageSize = query.PageSize ?? 100 }).ToQueryString();

    internal string ToQueryString()
    {
        var parameters = new Parameters();
        Write(parameters);
        parameters.Add("page", Page);
        parameters.Add("cursor", Cursor);
        parameters.Add("page_size", PageSize);
        return parameters.ToString();
    }

    private protected abstract void Write(Parameters parameters);

    /// <summary>The parameters of a query string; those without a value are left out.</summary>
    private protected sealed class Parameters
    {
        private readonly StringBuilder _text = new();

        public void Add(string name, string? value)
        {
            if (value is not null)
            {
                _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        public void Add(string name, bool? value) => Add(name, value switch { true => "true", false => "false", null => null });

        public void Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

        public void Add(string name, decimal? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

        public void Add(string name, DateTimeOffset? value) =>
            Add(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

        public void Add(string name, IReadOnlyList<long>? values) =>
            Add(name, values is null ? null : string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture))));

        /// <summary>Orderings are called as on the wire, with <c>Descending</c> for the minus.</summary>
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
}
