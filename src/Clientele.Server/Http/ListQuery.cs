using System.Reflection;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace Clientele.Server.Http;

/// <summary>The query string of a list: filters, search, ordering, and the page by number or cursor.</summary>
internal sealed class ListQuery(HttpContext context, ClienteleDb db, Database database)
{
    private const string Ordering = "ordering";

    /// <summary>Lists up to this length are counted exactly. If the planner expects more rows, its estimate is used; otherwise counting stops here.</summary>
    private const int CountedExactly = 1000;

    public static readonly string[] PagingParameters = ["page", PageSize.Parameter, "cursor"];

    private static readonly PageSize Size = new(Default: 20, Largest: 100);

    public static ValueTask<ListQuery> BindAsync(HttpContext context)
    {
        var services = context.RequestServices;
        return ValueTask.FromResult(new ListQuery(context, services.GetRequiredService<ClienteleDb>(), services.GetRequiredService<Database>()));
    }

    /// <summary>Returns the page that the query string asks for.</summary>
    /// <param name="definition">The parameters of the list.</param>
    /// <param name="rows">The rows that the caller may see.</param>
    /// <param name="project">Creates what the list shows of a row.</param>
    /// <param name="countAll">Counts the list without filters, if there is a counter for it.</param>
    /// <param name="whole">Reads and counts a page of the list without filters in one round trip, if it has all rows of its table.</param>
    public async Task<Results<PageResult<TResult>, Problem>> PageAsync<T, TResult>(
        ListDefinition<T> definition, IQueryable<T> rows, Expression<Func<T, TResult>> project, CancellationToken cancellationToken,
        Func<Task<long>>? countAll = null, WholeList<TResult>? whole = null) =>
        await PageAsync(definition, rows, project, rows => Task.FromResult<IEnumerable<TResult>>(rows), cancellationToken, countAll, whole);

    /// <summary>The same for rows whose children are read by a separate query.</summary>
    public async Task<Results<PageResult<TResult>, Problem>> PageAsync<T, TRow, TResult>(
        ListDefinition<T> definition, IQueryable<T> rows, Expression<Func<T, TRow>> project,
        Func<IReadOnlyList<TRow>, Task<IEnumerable<TResult>>> withChildren, CancellationToken cancellationToken,
        Func<Task<long>>? countAll = null, WholeList<TRow>? whole = null)
    {
        var errors = new Errors();
        var parameters = Parameters(context.Request.Query, errors, definition.TakesSeveral);
        var narrowed = parameters.Keys.Any(IsFilter);
        var query = Narrow(definition, rows, parameters.Where(parameter => IsFilter(parameter.Key)), context.RequestServices, errors, PagingParameters);
        var sorts = definition.Sorts(parameters.GetValueOrDefault("ordering", ""), errors);
        var size = Size.Read(parameters.GetValueOrDefault(PageSize.Parameter), errors);
        var byCursor = parameters.TryGetValue("cursor", out var cursor);
        if (byCursor && parameters.ContainsKey("page"))
        {
            errors.Add("cursor", "Use page or cursor, not both.");
        }

        var page = byCursor ? 1 : Page(parameters, errors);
        var backwards = false;
        query = byCursor ? Cursor.Continue(query, sorts, cursor!, errors, out backwards) : query;
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var skipped = (page - 1) * size;
        if (page < 1 || skipped > int.MaxValue - Size.Largest)
        {
            return NoSuchPage();
        }

        using var planned = narrowed ? database.WithoutPreparing(db) : null;
        var cut = new Cut<T>(definition, rows, query, sorts, (int)skipped, size);
        return byCursor ? await ByCursorAsync(cut, project, isFirst: cursor!.Length == 0, backwards, withChildren, cancellationToken)
            : narrowed || whole is null
            ? await ByNumberAsync(cut, project, narrowed ? null : countAll, withChildren, cancellationToken)
            : await PageOfAsync(cut, await whole.ReadAsync(db, sorts, cut.Skipped, size + 1, cancellationToken), withChildren);
    }

    private static bool IsFilter(string parameter) => parameter != Ordering && !PagingParameters.Contains(parameter);

    /// <summary>The rows that match all filters. Adds an error for each that the list does not have, or whose value is not valid.</summary>
    /// <param name="definition">The parameters of the list.</param>
    /// <param name="rows">The rows that the caller may see.</param>
    /// <param name="filters">The filters.</param>
    /// <param name="services">The services of the scope.</param>
    /// <param name="errors">The errors, by filter.</param>
    /// <param name="others">What else the caller may send.</param>
    public static IQueryable<T> Narrow<T>(
        ListDefinition<T> definition, IQueryable<T> rows, IEnumerable<KeyValuePair<string, string>> filters, IServiceProvider services, Errors errors,
        params IReadOnlyList<string> others)
    {
        string? unknown = null;
        foreach (var (name, value) in filters)
        {
            if (name == Ordering || !definition.TryNarrow(name, value, services, ref rows, errors))
            {
                var known = definition.Parameters.Select(parameter => parameter.Name).Where(known => known != Ordering || others.Count > 0).Concat(others);
                errors.Add(name, unknown ??= $"This list has no such parameter. It takes {string.Join(", ", known)}.");
            }
        }

        return rows;
    }

    private async Task<Results<PageResult<TResult>, Problem>> ByNumberAsync<T, TRow, TResult>(
        Cut<T> cut,
        Expression<Func<T, TRow>> project,
        Func<Task<long>>? countAll,
        Func<IReadOnlyList<TRow>, Task<IEnumerable<TResult>>> withChildren,
        CancellationToken cancellationToken)
    {
        // Reads one more row than requested, to know whether there is a next page.
        var found = await cut.Take(cut.Size + 1).Select(project).ToListAsync(cancellationToken);
        var (count, estimate) = found.Count <= cut.Size ? (0, false)
            : countAll is not null ? (await countAll(), false)
            : await CountAsync(cut.Query, cancellationToken);
        return await PageOfAsync(cut, (found, count), withChildren, estimate);
    }

    /// <summary>The response for rows of which the last one may belong to the next page. Only then the number of all rows matters.</summary>
    private async Task<Results<PageResult<TResult>, Problem>> PageOfAsync<T, TRow, TResult>(
        Cut<T> cut, (List<TRow> Rows, long Count) found, Func<IReadOnlyList<TRow>, Task<IEnumerable<TResult>>> withChildren, bool estimate = false)
    {
        var (page, more) = ((cut.Skipped / cut.Size) + 1, found.Rows.Count > cut.Size);
        return found.Rows.Count == 0 && page > 1 ? NoSuchPage() : new PageResult<TResult>(new()
        {
            Count = more ? found.Count : cut.Skipped + found.Rows.Count,
            CountIsEstimate = estimate ? true : null,
            Next = more ? Link("page", (page + 1).ToString(CultureInfo.InvariantCulture)) : null,
            Previous = page > 1 ? Link("page", (page - 1).ToString(CultureInfo.InvariantCulture)) : null,
            Results = [.. await withChildren(more ? found.Rows[..cut.Size] : found.Rows)],
        });
    }

    private static Problem NoSuchPage() => new("not_found", "There is no such page.");

    private static long Page(Dictionary<string, string> parameters, Errors errors)
    {
        if (!parameters.TryGetValue("page", out var text))
        {
            return 1;
        }

        var digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange('0', '9'))
        {
            errors.Add("page", "Must be a whole number, at least 1.");
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var page) ? page : int.MaxValue;
    }

    /// <summary>Refuses unknown and repeated parameters of an endpoint that is not a list.</summary>
    public static void Expect(HttpContext context, Errors errors, params string[] known)
    {
        foreach (var (name, values) in context.Request.Query.Where(parameter => !parameter.Key.StartsWith('_')))
        {
            if (!known.Contains(name))
            {
                errors.Add(name, $"Unknown parameter. Known parameters are {string.Join(", ", known)}.");
            }
            else if (values.Count > 1)
            {
                errors.Add(name, "This parameter is given twice.");
            }
        }
    }

    /// <summary>
    /// The parameters of a query string. Each must have a value, and be given once unless it <paramref name="takesSeveral"/>: then commas join its values.
    /// </summary>
    public static Dictionary<string, string> Parameters(
        IEnumerable<KeyValuePair<string, StringValues>> query, Errors errors, Predicate<string>? takesSeveral = null)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in query.Where(parameter => !parameter.Key.StartsWith('_')))
        {
            // The text of StringValues would leave out empty ones.
            var text = string.Join(',', values.ToArray());
            if (values.Count > 1 && takesSeveral?.Invoke(name) != true)
            {
                errors.Add(name, "This parameter is given twice.");
            }
            else if (WireText.Complaint(text) is { } complaint)
            {
                errors.Add(name, complaint);
            }
            else if (!VisibleText.IsBlank(text) || name is "cursor" or "search" or "page" or "page_size")
            {
                parameters[name] = text;
            }
            else
            {
                errors.Add(name, "This parameter needs a value.");
            }
        }

        return parameters;
    }

    private async Task<Results<PageResult<TResult>, Problem>> ByCursorAsync<T, TRow, TResult>(
        Cut<T> cut, Expression<Func<T, TRow>> project, bool isFirst, bool backwards,
        Func<IReadOnlyList<TRow>, Task<IEnumerable<TResult>>> withChildren, CancellationToken cancellationToken)
    {
        var (sorts, size) = (cut.Sorts, cut.Size);
        var found = await cut.Query.InOrder(sorts, backwards).Take(size + 1).Select(WithKeys(sorts, project)).ToListAsync(cancellationToken);
        var more = found.Count > size;
        var rows = more ? found[..size] : found;
        if (backwards)
        {
            rows.Reverse();
        }

        var hasNext = rows.Count > 0 && (backwards || more);
        var hasPrevious = rows.Count > 0 && (backwards ? more : !isFirst);
        return new PageResult<TResult>(new()
        {
            Next = hasNext ? Link("cursor", new Cursor(Cursor.OrderingOf(sorts), Backwards: false, rows[^1].Texts).ToString()) : null,
            Previous = hasPrevious ? Link("cursor", new Cursor(Cursor.OrderingOf(sorts), Backwards: true, rows[0].Texts).ToString()) : null,
            Results = [.. await withChildren([.. rows.Select(row => row.Value)])],
        });
    }

    private static Expression<Func<T, Row<TResult>>> WithKeys<T, TResult>(List<Sort<T>> sorts, Expression<Func<T, TResult>> project)
    {
        var row = project.Parameters[0];
        var keys = sorts.Select(sort => Expression.Convert(Swap.In(sort.Key.Selector.Body, sort.Key.Selector.Parameters[0], row), typeof(object)));
        return Expression.Lambda<Func<T, Row<TResult>>>(
            Expression.New(typeof(Row<TResult>).GetConstructors()[0], project.Body, Expression.NewArrayInit(typeof(object), keys)), row);
    }

    private async Task<(long Count, bool Estimate)> CountAsync<T>(IQueryable<T> query, CancellationToken cancellationToken)
    {
        if (!db.Database.IsNpgsql())
        {
            return (await query.LongCountAsync(cancellationToken), false);
        }

        var expected = await EstimateAsync(query.Select(_ => 1), cancellationToken);
        if (expected > CountedExactly)
        {
            return (expected.Value, true);
        }

        var counted = await query.Take(CountedExactly + 1).CountAsync(cancellationToken);
        return (counted, counted > CountedExactly);
    }

    private async Task<long?> EstimateAsync<T>(IQueryable<T> query, CancellationToken cancellationToken)
    {
        await using var command = query.CreateDbCommand();
#pragma warning disable CA2100 // The explained statement is EF Core's own, with its parameters.
        command.CommandText = "EXPLAIN (FORMAT JSON) " + command.CommandText;
#pragma warning restore CA2100
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            return QueryPlan.Rows((string)(await command.ExecuteScalarAsync(cancellationToken))!);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>The absolute address of this list with one paging parameter changed.</summary>
    private string Link(string name, string value)
    {
        var request = context.Request;
        var query = new QueryBuilder(request.Query.Where(parameter => parameter.Key != name).SelectMany(
            parameter => parameter.Value, (parameter, text) => KeyValuePair.Create(parameter.Key, text!)))
        {
            { name, value },
        };
        var path = request.Path.Value!.EndsWith('/') ? request.Path.Value : request.Path.Value + "/";
        return UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, path, query.ToQueryString());
    }

    /// <summary>A page by number of the rows that are left after filtering.</summary>
    private sealed record Cut<T>(ListDefinition<T> Definition, IQueryable<T> Rows, IQueryable<T> Query, List<Sort<T>> Sorts, int Skipped, int Size)
    {
        public IQueryable<T> Take(int most)
        {
            var cut = Query.InOrder(Sorts, backwards: false).Skip(Skipped).Take(most);

            // Rows are skipped in the index; only the rows of this page are read.
            return Skipped > 0 && Definition.Id.Selector is Expression<Func<T, long>> id
                ? Rows.Join(cut.Select(id), id, found => found, (row, _) => row).InOrder(Sorts, backwards: false)
                : cut;
        }
    }

    private sealed record Row<TResult>(TResult Value, object?[] Keys)
    {
        public string?[] Texts => [.. Keys.Select(key => key switch
        {
            null => null,
            DateTime instant => instant.ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(key, CultureInfo.InvariantCulture),
        })];
    }
}

/// <summary>A page of a list, in the caller's representation.</summary>
internal sealed class PageResult<T>(Page<T> page) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status200OK;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(Page<T>), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext.Response.WriteAsJsonAsync(page, Wire.For<Page<T>>(httpContext), contentType: null, httpContext.RequestAborted);
}
