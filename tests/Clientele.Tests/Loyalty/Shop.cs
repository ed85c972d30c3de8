using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>What these scenarios do over and over: orders, redemptions, and a look at the points.</summary>
internal static class Shop
{
    /// <summary>Sends a revision of the customer's order.</summary>
    public static async Task<Answer> OrderAsync(
        this Actor admin, Actor customer, string number, int revision, string total, string refunded = "0", string status = "paid", string placedAt = "2025-10-15T14:30:00Z")
    {
        var answer = await admin.Put($"/api/orders/{number}-{customer.Id}/", new { customer = customer.Id, status, total, refunded, placed_at = placedAt, revision });
        Assert.True((int)answer.Status is 200 or 201, answer.Text);
        return answer;
    }

    public static async Task<long> AdjustAsync(this Actor admin, Actor customer, long points) =>
        (long)(await admin.Post($"{customer.Url}add_loyalty_points/", new { points })).Expect(200)["new_balance"];

    /// <summary>Redeems and returns the entry.</summary>
    public static async Task<long> RedeemAsync(this Actor admin, Actor customer, long points) =>
        (long)(await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points, reason = "A voucher" })).Expect(200)["entry_id"];

    public static async Task<long> GiveBackAsync(this Actor admin, Actor customer, long entry) =>
        (long)(await admin.Post($"{customer.Url}loyalty/entries/{entry}/reverse/")).Expect(200)["new_balance"];

    /// <summary>Available, pending, debt.</summary>
    public static async Task<(long Available, long Pending, long Debt)> PointsAsync(this Actor customer)
    {
        var answer = (await customer.Get($"{customer.Url}loyalty/")).Expect(200);
        return ((long)answer["available"], (long)answer["pending"], (long)answer["debt"]);
    }

    /// <summary>The ledger, oldest first: kind, points, balance, debt.</summary>
    public static async Task<List<string>> EntriesAsync(this Actor customer) =>
        [.. (await customer.Get($"{customer.Url}loyalty/entries/?ordering=id&page_size=100")).Expect(200)["results"].AsArray()
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry!["kind"]} {entry["points"]} → {entry["balance"]}, {entry["debt"]}"))];

    public static async Task<JsonArray> RawEntriesAsync(this Actor customer) =>
        (await customer.Get($"{customer.Url}loyalty/entries/?ordering=id&page_size=100")).Expect(200)["results"].AsArray();

    public static async Task<long> LiabilityAsync(this Actor admin, string? asOf = null) =>
        (long)(await admin.Get("/api/customers/loyalty/liability/" + (asOf is null ? "" : "?as_of=" + Uri.EscapeDataString(asOf)))).Expect(200)["points"];
}
