namespace Clientele.Server.Search;

internal static class SearchEndpoints
{
    private const int Longest = 100;
    private const int MostTerms = 10;

    public static void Map(IEndpointRouteBuilder api) => api.MapGroup("/api/customers/search")
        .WithTag("Search", "Finding a customer, an order or a group while typing.")
        .MapGet("/", Search).WithName(nameof(Search)).For(Who.Admin, KeyScope.CustomersRead).Answers(400).MayReadReplica();

    /// <summary>Search customers, orders and groups</summary>
    /// <remarks>
    /// Returns at most eight of each, the best first, for a list of suggestions while somebody types, and says whether there are more. Customers are found
    /// by id, uuid, username, e-mail, names and phone in any usual spelling, orders by the beginning of their number from three characters on and by its
    /// end from four characters with a digit on, and groups by name and description. Case and accents do not matter; numbers of orders are also found in
    /// capitals. Without a text nothing is found. An API key finds orders and groups only if it may also read them.
    /// </remarks>
    /// <param name="q" example="john do">What to search for, at most 100 characters.</param>
    internal static async Task<Results<Ok<SearchResponse>, Problem>> Search(
        string? q, HttpContext context, QuickSearch search, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "q");
        var text = q?.Trim() ?? "";
        if (!errors.Has("q") && Complaint(text) is { } complaint)
        {
            errors.Add("q", complaint);
        }

        return errors.Any ? Problems.Invalid(errors) : TypedResults.Ok(await search.FindAsync(text, cancellationToken));
    }

    private static string? Complaint(string text) =>
        VisibleText.Length(text) > Longest ? $"At most {Longest} characters."
        : WireText.Complaint(text) is { } complaint ? complaint
        : TextFolding.SearchTerms(text).Count > MostTerms ? $"At most {MostTerms} words."
        : null;
}
