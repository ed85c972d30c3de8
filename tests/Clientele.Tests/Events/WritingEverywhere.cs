using System.Globalization;
using Clientele.Server.Events;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Events;

/// <summary>Every endpoint writes exactly the events of what it changes. An endpoint that is not listed writes none.</summary>
public sealed class WritingEverywhere
{
    private static readonly Dictionary<string, string[]> Expected = new()
    {
        ["PATCH /api/customers/customers/update_profile/"] = [EventNames.Updated],
        ["PATCH /api/customers/customers/{customer}/"] = [EventNames.Updated],
        ["DELETE /api/customers/customers/{customer}/"] = ["group.left", "customer.erased"],
        ["POST /api/customers/customers/{customer}/verify/"] = ["customer.verified"],
        ["POST /api/customers/customers/{customer}/make_vip/"] = [EventNames.Updated],
        ["POST /api/customers/customers/{customer}/deactivate/"] = ["customer.deactivated"],
        ["PUT /api/orders/{order}/"] = ["order.recorded", "points.earned"],
        ["POST /api/orders/batch/"] = ["order.recorded", "points.earned"],
        ["POST /api/customers/customers/{customer}/add_loyalty_points/"] = ["points.adjusted"],
        ["POST /api/customers/customers/{customer}/redeem_loyalty_points/"] = ["points.redeemed"],
        ["POST /api/customers/customers/{customer}/loyalty/entries/{entry}/reverse/"] = ["points.reversed"],
        ["POST /api/customers/addresses/"] = ["address.created"],
        ["PUT /api/customers/addresses/{address}/"] = ["address.updated"],
        ["PATCH /api/customers/addresses/{address}/"] = ["address.updated"],
        ["DELETE /api/customers/addresses/{address}/"] = ["address.deleted"],
        ["DELETE /api/customers/groups/{group}/"] = ["group.left"],
        ["POST /api/customers/groups/{group}/remove_member/"] = ["group.left"],
        ["POST /api/customers/groups/{group}/reset_member/"] = ["group.left"],
    };

    [Fact]
    public async Task Every_endpoint_writes_the_events_of_what_it_changes_and_no_others()
    {
        await using var own = await ClienteleApp.StartAsync();
        await using var cast = new PermissionCast(own);
        await cast.InitializeAsync();
        Assert.Empty(Expected.Keys.Except(PermissionTable.Rows.Select(row => row.Endpoint)));

        foreach (var row in PermissionTable.Rows.Where(row => row.Path != "/api/auth/password/reset/"))
        {
            var target = await cast.NewTargetAsync();
            var sender = row.Path.Contains("update_profile", StringComparison.Ordinal) || row.Endpoint == "POST /api/customers/addresses/"
                ? target.Owner
                : cast.Admin;
            await cast.Admin.StepUpAsync();
            var before = await StoredAsync(own);

            var answer = (await row.SendAsync(sender, target)).Expect(row.Status);

            var added = await AddedAsync(own, before);
            Assert.True(
                Expected.GetValueOrDefault(row.Endpoint, []).SequenceEqual(added.Select(one => one.Type)),
                $"{row.Endpoint}: {string.Join(", ", added)}. {answer.Text}");
            Assert.All(added, one => Assert.Equal(target.Owner.Id, one.Customer));

            // What can be repeated has no effect the second time, except a PUT that takes the default away, which it has got by moving.
            if (row.Method != HttpMethod.Get && row.Endpoint != "PUT /api/customers/addresses/{address}/"
                && row.Path.Contains('{', StringComparison.Ordinal) && !row.Path.Contains("points", StringComparison.Ordinal)
                && !row.Path.Contains("{order}", StringComparison.Ordinal))
            {
                before = await StoredAsync(own);
                await row.SendAsync(sender, target);
                Assert.True((await AddedAsync(own, before)).Count == 0, $"{row.Endpoint} writes an event when it changes nothing.");
            }
        }

        Assert.Empty(await own.CheckAsync());
    }

    [Fact]
    public async Task A_refused_write_leaves_no_event()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, admin) = (await own.CustomerAsync(), await own.AdminAsync());
        var before = await StoredAsync(own);

        (await customer.Patch(customer.Url, new { gender = new string('x', 30) })).ExpectProblem(400, "gender");
        (await customer.Patch(customer.Url, new { gender = "female" }, ("If-Match", "\"99-x\""))).ExpectProblem(412);
        (await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points = 5, reason = "A voucher" })).ExpectProblem(409);
        (await own.Stranger.Post("/api/customers/register/", Given.Registration(customer.Username))).ExpectProblem(400, "username");

        Assert.Empty(await AddedAsync(own, before));
    }

    [Fact]
    public async Task A_request_that_is_repeated_with_its_key_leaves_one_event()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, admin) = (await own.CustomerAsync(), await own.AdminAsync());
        var before = await StoredAsync(own);

        for (var i = 0; i < 3; i++)
        {
            (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 5 }, ("Idempotency-Key", "once"))).Expect(200);
        }

        Assert.Equal("points.adjusted", Assert.Single(await AddedAsync(own, before)).Type);
    }

    private static async Task<HashSet<(long Customer, long Group, long Number)>> StoredAsync(ClienteleApp app) =>
        [.. (await app.Database.QueryAsync("SELECT customer_id, group_id, number FROM events"))
            .Select(row => (Number(row[0]), Number(row[1]), Number(row[2])))];

    /// <summary>The types of new events, those about groups first, otherwise in their order.</summary>
    private static async Task<List<(long Customer, string Type)>> AddedAsync(ClienteleApp app, HashSet<(long Customer, long Group, long Number)> before) =>
        [.. (await app.Database.QueryAsync("SELECT customer_id, group_id, number, kind FROM events ORDER BY customer_id, group_id DESC, number"))
            .Select(row => (Customer: Number(row[0]), Group: Number(row[1]), Number: Number(row[2]), Kind: Number(row[3])))
            .Where(row => !before.Contains((row.Customer, row.Group, row.Number)))
            .Select(row => (row.Customer, EventForm.Of((EventKind)row.Kind).Name))];

    private static long Number(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static class EventNames
    {
        public const string Updated = "customer.updated";
    }
}
