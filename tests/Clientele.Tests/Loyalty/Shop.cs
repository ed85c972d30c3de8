using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Server.Loyalty;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Clientele.Tests.Loyalty;

/// <summary>What these scenarios do again and again: orders, redemptions, and reading the points.</summary>
internal static class Shop
{
    /// <summary>Sends a revision of the customer's order.</summary>
    public static async Task<Answer> OrderAsync(
        this Actor admin,
        Actor customer,
        string number,
        int revision,
        string total,
        string refunded = "0",
        string status = "paid",
        string placedAt = "2025-10-15T14:30:00Z")
    {
        var order = new { customer = customer.Id, status, total, refunded, placed_at = placedAt, revision };
        var answer = await admin.Put($"/api/orders/{number}-{customer.Id}/", order);
        Assert.True((int)answer.Status is 200 or 201, answer.Text);
        return answer;
    }

    public static async Task<long> AdjustAsync(this Actor admin, Actor customer, long points) =>
        (long)(await admin.Post($"{customer.Url}add_loyalty_points/", new { points })).Expect(200)["new_balance"];

    /// <summary>Redeems and returns the entry.</summary>
    public static async Task<long> RedeemAsync(this Actor admin, Actor customer, long points) =>
        (long)(await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points, reason = "A voucher" })).Expect(200)["entry_id"];

    public static async Task<long> GiveBackAsync(this Actor admin, Actor customer, long entry, long? points = null) =>
        (long)(await admin.Post($"{customer.Url}loyalty/entries/{entry}/reverse/", points is null ? null : new { points })).Expect(200)["new_balance"];

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

    /// <summary>Signs the actor in again after the clock was advanced past the token's expiry.</summary>
    public static Task<Actor> AgainAsync(this ClienteleApp app, Actor actor) => app.SignInAsync(actor.Username, actor.Password, actor.Id, actor.Email);

    /// <summary>An app whose clock is stopped at an instant, with an admin and a customer. What is due waits for <c>MaintainAsync</c>.</summary>
    public static async Task<(ClienteleApp App, Actor Admin, Actor Customer)> AtAsync(string instant, params (string Name, string Value)[] settings)
    {
        var clock = new FakeClock();
        clock.Stop();
        clock.AdvanceTo(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
        var given = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        var app = await ClienteleApp.StartAsync(new() { Clock = clock, Settings = given, Services = WithoutUpkeep });
        return (app, await app.AdminAsync(), await app.CustomerAsync());
    }

    /// <summary>Lets tiers and points wait for <c>MaintainAsync</c>, instead of following the clock within two seconds.</summary>
    public static void WithoutUpkeep(IServiceCollection services) =>
        services.Remove(services.Single(service =>
            service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.ReturnType == typeof(Upkeep)));

    /// <summary>Advances to an instant, and signs both in again.</summary>
    public static async Task<(Actor Admin, Actor Customer)> GoToAsync(this ClienteleApp app, string instant, Actor admin, Actor customer)
    {
        app.Clock.AdvanceTo(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
        return (await app.AgainAsync(admin), await app.AgainAsync(customer));
    }

    /// <summary>Expects no drift for any customer.</summary>
    public static async Task ExpectNoDriftAsync(this ClienteleApp app) => Assert.Empty(await app.CheckAsync());
}
