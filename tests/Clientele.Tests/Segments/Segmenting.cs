using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>Rules, segments and members, for scenarios of segments.</summary>
internal static class Segmenting
{
    /// <summary>When orders were placed if it does not matter.</summary>
    public static readonly DateTime LongAgo = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static readonly object Vip = new { field = "is_vip", op = "eq", value = true };

    public static object Spent(decimal least) => new { field = "total_spent", op = "gte", value = least };

    public static object Ordered(int n, string unit) => new { field = "last_order_date", op = "within_last", value = new { n, unit } };

    public static object In(long group) => new { in_group = group };

    public static object Not(object node) => new { not = node };

    public static object All(params object[] nodes) => new { all = nodes };

    public static object Any(params object[] nodes) => new { any = nodes };

    public static string Url(long group) => $"{Lists.Groups}{group}/";

    /// <summary>Creates a segment and waits until it is built.</summary>
    public static async Task<long> SegmentAsync(this ClienteleApp app, object rule, string? name = null)
    {
        var segment = new { name = name ?? $"Segment {Guid.NewGuid():n}", auto_assign = true, assignment_rules = rule };
        var created = (await (await app.FreshAdminAsync()).Post(Lists.Groups, segment)).Expect(201);
        await app.DrainAsync();
        return (long)created["id"];
    }

    /// <summary>A group without a rule.</summary>
    public static async Task<long> GroupAsync(this ClienteleApp app, string? name = null) =>
        (long)(await (await app.FreshAdminAsync()).Post(Lists.Groups, new { name = name ?? $"Group {Guid.NewGuid():n}" })).Expect(201)["id"];

    /// <summary>The members as admins see them; the count must match.</summary>
    public static async Task<IReadOnlyList<long>> MembersAsync(this ClienteleApp app, long group)
    {
        var admin = await app.FreshAdminAsync();
        var ids = new List<long>();
        for (var url = $"{Url(group)}members/?page_size=100&cursor="; url is not null;)
        {
            var page = (await admin.Get(url)).Expect(200);
            ids.AddRange(page["results"].AsArray().Select(member => (long)member!["id"]!));
            url = (string?)page.Json["next"];
        }

        Assert.Equal(ids.Count, (long)(await admin.Get(Url(group))).Expect(200)["members_count"]);
        return [.. ids.Order()];
    }

    public static async Task ExpectAsync(this ClienteleApp app, long group, params long[] members)
    {
        await app.DrainAsync();
        Assert.Equal(members.Order(), await app.MembersAsync(group));
    }

    public static async Task<bool> DecideAsync(this ClienteleApp app, string action, long group, long customer) =>
        (bool)(await (await app.FreshAdminAsync()).Post($"{Url(group)}{action}_member/", new { customer_id = customer })).Expect(200)["changed"];

    /// <summary>The changes of a group from the beginning, as <c>customer change cause</c>, read in small pages.</summary>
    public static async Task<IReadOnlyList<string>> ChangesAsync(this ClienteleApp app, long group) =>
        [.. (await app.ReadChangesAsync(group, null)).Changes.Select(change => $"{change.Customer} {change.Change} {change.Cause}")];

    public static async Task<(IReadOnlyList<ChangeLine> Changes, string Cursor)> ReadChangesAsync(
        this ClienteleApp app, long group, string? since, int size = 7)
    {
        var admin = await app.FreshAdminAsync();
        var changes = new List<ChangeLine>();
        while (true)
        {
            var cursor = since is null ? "" : $"&since={since}";
            var page = (await admin.Get($"{Url(group)}changes/?page_size={size.ToString(CultureInfo.InvariantCulture)}{cursor}")).Expect(200);
            changes.AddRange(page["results"].AsArray().Select(Line));
            since = (string)page["cursor"]!;
            if (!(bool)page["more"])
            {
                return (changes, since);
            }
        }
    }

    /// <summary>Applies changes one after the other: nobody may enter twice, and nobody may leave who is not in.</summary>
    public static IReadOnlyList<long> Replay(IEnumerable<ChangeLine> changes)
    {
        var members = new HashSet<long>();
        foreach (var change in changes)
        {
            Assert.True(change.Change == "entered" ? members.Add(change.Customer) : members.Remove(change.Customer), $"{change} makes no sense.");
        }

        return [.. members.Order()];
    }

    public static Task<Answer> OrderAsync(
        this ClienteleApp app, long customer, string number, decimal total, DateTime placedAt, int revision = 1, string status = "paid") => PutAsync(
            app, $"/api/orders/{number}/", new { customer, status, total, placed_at = placedAt.ToString("O", CultureInfo.InvariantCulture), revision });

    /// <summary>A customer whose registration has been evaluated.</summary>
    public static async Task<long> NewCustomerAsync(this ClienteleApp app)
    {
        var id = await app.RegisterAsync($"somebody-{Guid.NewGuid():n}");
        await app.DrainAsync();
        return id;
    }

    /// <summary>An admin of the app, signed in again if the clock was advanced.</summary>
    public static async Task<Actor> FreshAdminAsync(this ClienteleApp app)
    {
        var now = app.Clock.GetUtcNow();
        if (!SignedIn.TryGetValue(app, out var admin) || now - admin.At > TimeSpan.FromMinutes(4))
        {
            // An account of its own: other tests end all sessions of the shared admin.
            var own = admin?.Actor ?? await app.NewAdminAsync();
            SignedIn.AddOrUpdate(app, admin = new(await app.SignInAsync(own.Username, own.Password, own.Id, own.Email), now));
        }

        return admin.Actor;
    }

    public static async Task PatchAsync(this ClienteleApp app, long customer, object patch) =>
        (await (await app.FreshAdminAsync()).Patch($"{Lists.Customers}{customer}/", patch)).Expect(200);

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<ClienteleApp, Boss> SignedIn = [];

    private sealed record Boss(Actor Actor, DateTimeOffset At);

    private static async Task<Answer> PutAsync(ClienteleApp app, string url, object body) => await (await app.FreshAdminAsync()).Put(url, body);

    private static ChangeLine Line(JsonNode? change) => new((long)change!["customer"]!, (string)change["change"]!, (string)change["cause"]!);
}

public sealed record ChangeLine(long Customer, string Change, string Cause);
