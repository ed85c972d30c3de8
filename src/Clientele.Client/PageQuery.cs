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
        var parameters = new QueryParameters();
        Write(parameters);
        parameters.Add("page", Page);
        parameters.Add("cursor", Cursor);
        parameters.Add("page_size", PageSize);
        return parameters.ToString();
    }

    private protected abstract void Write(QueryParameters parameters);
}
