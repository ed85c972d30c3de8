using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>Reads the ledger through the API.</summary>
internal static class LedgerReading
{
    /// <summary>A customer's entries, oldest first.</summary>
    public static async Task<IReadOnlyList<ModelEntry>> EntriesAsync(Actor admin, string url)
    {
        var pages = await admin.PagesAsync($"{url}loyalty/entries/?page_size=100");
        return [.. pages.AsEnumerable().Reverse().SelectMany(Entries)];
    }

    /// <summary>The entries of a page, oldest first.</summary>
    public static IReadOnlyList<ModelEntry> Entries(Answer page) => [.. page.Results().Select(Entry).Reverse()];

    /// <summary>The first difference between two ledgers, or null if they are equal.</summary>
    public static string? Difference(IReadOnlyList<ModelEntry> expected, IReadOnlyList<ModelEntry> found)
    {
        var same = expected.Zip(found).TakeWhile(pair => pair.First == pair.Second).Count();
        return same == expected.Count && same == found.Count
            ? null
            : $"entry {same + 1} is {(same < found.Count ? found[same] : "missing")}; the model has {(same < expected.Count ? expected[same] : "none")}.";
    }

    public static JsonObject Order(ModelRevision revision, long customer, string? number, DateTime placedAt)
    {
        var order = new JsonObject
        {
            ["customer"] = customer,
            ["status"] = revision.Status,
            ["total"] = revision.Total,
            ["refunded"] = revision.Refunded,
            ["placed_at"] = placedAt.ToString("O", CultureInfo.InvariantCulture),
            ["revision"] = revision.Revision,
        };
        if (number is not null)
        {
            order["order_number"] = number;
        }

        if (revision.Rate is { } rate)
        {
            (order["currency"], order["exchange_rate"]) = ("EUR", rate);
        }

        return order;
    }

    private static ModelEntry Entry(JsonNode entry) => new(
        (string)entry["kind"]!,
        (long)entry["points"]!,
        (long)entry["balance"]!,
        (long)entry["debt"]!,
        (string?)entry["expires_at"] is { } expiresAt ? DateTime.Parse(expiresAt, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) : null);
}
