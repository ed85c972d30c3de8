namespace Clientele.Client;

/// <summary>The page of a list, and its size. A page is reached by number or by cursor; a cursor has constant cost and is stable while others write.</summary>
public abstract record PageQuery
{
    private protected PageQuery()
    {
    }

    /// <summary>The number of the page, from 1; null for the first. Cannot be combined with <see cref="Cursor"/>.</summary>
    public int? Page { get; init; }

    /// <summary>
    /// The position to continue from: <see cref="Page{T}.NextCursor"/> of the previous page, or an empty string to start. Filters and
    /// ordering must be the same for every page.
    /// </summary>
    public string? Cursor { get; init; }

    /// <summary>The number of rows on a page, from 1 to 100. The service's default is 20.</summary>
    public int? PageSize { get; init; }

    /// <summary>The first page by cursor, with 100 rows by default, for walking through all pages.</summary>
    internal static string FromStart(PageQuery? query) => query is null
        ? "?cursor=&page_size=100"
        : (query with { Page = null, Cursor = query.Cursor ?? "", PageSize = query.PageSize ?? 100 }).ToQueryString();

    internal string ToQueryString()
    {
        var parameters = new QueryParameters();
        Write(parameters);
        parameters.Add("page", Page);
        parameters.Add("cursor", Cursor);
        parameters.Add("page_size", PageSize);
        return parameters.ToString();
    }

    private protected abstract void Write(QueryParameters parameters);
}
