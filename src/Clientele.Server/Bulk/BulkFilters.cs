using Microsoft.Extensions.Primitives;

namespace Clientele.Server.Bulk;

/// <summary>The customers of a job: the filters of the customers list, read by the same code as its query string.</summary>
internal static class BulkFilters
{
    private const string Ids = "ids";

    /// <summary>The filters of a request as texts. Adds an error for each that the list would refuse.</summary>
    public static Dictionary<string, string> Read(BulkRequest request, Caller caller, IServiceProvider services, Errors errors)
    {
        if (request.Filters is null == request.Ids is null)
        {
            errors.Require(request.Ids is null || errors.Any, Ids, "Must be left out if there are filters.");
            errors.Require(request.Ids is not null || errors.Any, "filters", "Either filters or ids is required. Empty filters, {}, mean all customers.");
            return [];
        }

        if (request.Ids is { } ids)
        {
            errors.Require(ids.Count > 0, Ids, "At least one id is required.");
            return new() { [Ids] = string.Join(',', ids.Distinct().Order().Select(id => id.ToString(CultureInfo.InvariantCulture))) };
        }

        var (wrong, texts) = (new Errors(), new Dictionary<string, StringValues>());
        foreach (var (name, value) in request.Filters!)
        {
            if (Text(value, name) is { } text)
            {
                texts[name] = text;
            }
            else
            {
                wrong.Add(name, "Must be text, a number, true or false.");
            }
        }

        var parameters = ListQuery.Parameters(texts, wrong, CustomerList.Definition.TakesSeveral);

        // In a list, an empty search box means everybody. A job must not change everybody by mistake.
        wrong.Require(parameters.GetValueOrDefault("search") is not { } search || !VisibleText.IsBlank(search), "search", "Needs a value, or leave it out.");
        Narrow(caller.Customers, parameters, services, wrong);
        foreach (var (name, messages) in wrong.ToDictionary())
        {
            Array.ForEach(messages, message => errors.Add($"filters/{name}", message));
        }

        return parameters;
    }

    public static IQueryable<Customer> Narrow(
        IQueryable<Customer> customers, IReadOnlyDictionary<string, string> filters, IServiceProvider services, Errors errors) =>
        ListQuery.Narrow(CustomerList.Definition, customers.TagWith("scatter: the customers of a bulk job"), filters, services, errors);

    private static string? Text(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Array when CustomerList.Definition.TakesSeveral(name) => string.Join(',', value.EnumerateArray().Select(item => item.GetRawText())),
        _ => null,
    };
}
