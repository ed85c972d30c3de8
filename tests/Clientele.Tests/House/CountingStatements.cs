using System.Text.RegularExpressions;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>How many statements each endpoint may send. None sends more because there is more to show.</summary>
public sealed partial class CountingStatements(ClienteleApp app, PermissionCast cast) : IClassFixture<PermissionCast>
{
    /// <summary>
    /// For an admin, on the database that needs more statements. BEGIN and COMMIT do not count. Statements that are sent in one command count once,
    /// because they take one round trip.
    /// </summary>
    private static readonly Dictionary<string, int> Budgets = new()
    {
        ["POST /api/customers/register/"] = 0,
        ["POST /api/auth/token/"] = 0,
        ["POST /api/auth/token/refresh/"] = 0,
        ["POST /api/auth/token/revoke/"] = 0,
        ["GET /.well-known/jwks.json"] = 0,
        ["GET /api/auth/sessions/"] = 1,
        ["DELETE /api/auth/sessions/"] = 5,
        ["DELETE /api/auth/sessions/{nobodys}/"] = 2,
        ["GET /api/customers/customers/{customer}/sessions/"] = 2,
        ["GET /api/customers/customers/{customer}/factors/"] = 4,
        ["DELETE /api/customers/customers/{customer}/sessions/"] = 5,
        ["DELETE /api/customers/customers/{customer}/sessions/{session}/"] = 5,
        ["POST /api/auth/factors/passkeys/options/"] = 2,
        ["POST /api/auth/factors/passkeys/"] = 0,
        ["GET /api/auth/factors/passkeys/"] = 1,
        ["DELETE /api/auth/factors/passkeys/{passkey}/"] = 2,
        ["POST /api/auth/passkeys/options/"] = 0,
        ["POST /api/auth/passkeys/"] = 0,
        ["POST /api/auth/token/factor/"] = 0,
        ["POST /api/auth/step_up/"] = 1,
        ["GET /api/auth/factors/"] = 3,
        ["POST /api/auth/factors/totp/"] = 2,
        ["POST /api/auth/factors/totp/confirm/"] = 0,
        ["DELETE /api/auth/factors/totp/"] = 6,
        ["GET /.well-known/openid-configuration"] = 0,
        ["POST /api/customers/customers/change_password/"] = 2,
        ["POST /api/customers/customers/send_email_code/"] = 9,
        ["POST /api/customers/customers/verify_email/"] = 3,
        ["POST /api/customers/customers/send_phone_code/"] = 1,
        ["POST /api/customers/customers/verify_phone/"] = 3,
        ["POST /api/customers/customers/undo_email/"] = 2,
        ["POST /api/auth/password/reset/"] = 3,
        ["POST /api/auth/password/reset/confirm/"] = 0,
        ["GET /api/customers/customers/"] = 1,
        ["GET /api/customers/search/"] = 0,
        ["GET /api/customers/customers/export/"] = 1,
        ["GET /api/customers/customers/bulk/"] = 3,
        ["POST /api/customers/customers/bulk/"] = 1,
        ["GET /api/customers/customers/bulk/{job}/"] = 1,
        ["POST /api/customers/customers/bulk/{job}/cancel/"] = 2,
        ["GET /api/customers/customers/me/"] = 1,
        ["PUT /api/customers/customers/update_profile/"] = 9,
        ["PATCH /api/customers/customers/update_profile/"] = 8,
        ["GET /api/customers/customers/{customer}/"] = 1,
        ["GET /api/customers/customers/{uuid}/"] = 2,
        ["PUT /api/customers/customers/{customer}/"] = 8,
        ["PATCH /api/customers/customers/{customer}/"] = 8,
        ["DELETE /api/customers/customers/{customer}/"] = 24,
        ["POST /api/customers/customers/{customer}/verify/"] = 6,
        ["POST /api/customers/customers/{customer}/make_vip/"] = 6,
        ["POST /api/customers/customers/{customer}/deactivate/"] = 8,
        ["POST /api/customers/customers/{customer}/reactivate/"] = 5,
        ["GET /api/customers/customers/{customer}/benefits/"] = 2,
        ["GET /api/customers/customers/{customer}/stats/"] = 1,
        ["GET /api/customers/customers/{customer}/orders/"] = 3,
        ["GET /api/orders/{stored}/"] = 3,
        ["PUT /api/orders/{order}/"] = 9,
        ["POST /api/orders/batch/"] = 9,
        ["GET /api/customers/customers/{customer}/wishlist/"] = 2,
        ["PUT /api/customers/customers/{customer}/wishlist/{product}/"] = 4,
        ["DELETE /api/customers/customers/{customer}/wishlist/{product}/"] = 3,
        ["GET /api/customers/customers/{customer}/reviews/"] = 2,
        ["GET /api/reviews/{review}/"] = 2,
        ["PUT /api/reviews/{review}/"] = 6,
        ["DELETE /api/reviews/{review}/"] = 4,
        ["POST /api/customers/customers/{customer}/update_loyalty_tier/"] = 5,
        ["POST /api/customers/customers/{customer}/add_loyalty_points/"] = 9,
        ["POST /api/customers/customers/{customer}/redeem_loyalty_points/"] = 10,
        ["GET /api/customers/customers/{customer}/loyalty/"] = 2,
        ["GET /api/customers/customers/{customer}/loyalty/entries/"] = 4,
        ["POST /api/customers/customers/{customer}/loyalty/entries/{entry}/reverse/"] = 13,
        ["GET /api/customers/customers/{customer}/loyalty/lots/"] = 3,
        ["GET /api/customers/customers/{customer}/loyalty/tiers/"] = 3,
        ["GET /api/customers/customers/{customer}/groups/"] = 4,
        ["GET /api/customers/customers/{customer}/consents/"] = 2,
        ["GET /api/customers/loyalty/tiers/"] = 0,
        ["POST /api/customers/loyalty/simulate/"] = 1,
        ["GET /api/customers/loyalty/liability/"] = 4,
        ["GET /api/customers/analytics/"] = 8,
        ["GET /api/customers/analytics/series/"] = 1,
        ["GET /api/customers/analytics/movement/"] = 5,
        ["GET /api/customers/analytics/backlog/"] = 2,
        ["GET /api/keys/"] = 3,
        ["POST /api/keys/"] = 6,
        ["GET /api/keys/{key}/"] = 1,
        ["PATCH /api/keys/{key}/"] = 7,
        ["DELETE /api/keys/{key}/"] = 7,
        ["POST /api/keys/{key}/rotate/"] = 7,
        ["GET /api/events/"] = 3,
        ["GET /api/webhooks/"] = 3,
        ["POST /api/webhooks/"] = 8,
        ["GET /api/webhooks/{webhook}/"] = 1,
        ["PATCH /api/webhooks/{webhook}/"] = 7,
        ["DELETE /api/webhooks/{webhook}/"] = 8,
        ["POST /api/webhooks/{webhook}/rotate/"] = 7,
        ["POST /api/webhooks/{webhook}/test/"] = 1,
        ["POST /api/webhooks/{webhook}/redeliver/"] = 40,
        ["GET /api/webhooks/{webhook}/deliveries/"] = 4,
        ["POST /api/webhooks/{webhook}/deliveries/{delivery}/redeliver/"] = 4,
        ["GET /api/messages/"] = 3,
        ["POST /api/messages/{message}/retry/"] = 2,
        ["GET /api/customers/customers/{customer}/export/"] = 29,
        ["GET /api/customers/customers/{customer}/history/"] = 4,
        ["GET /api/customers/addresses/"] = 2,
        ["GET /api/customers/addresses/countries/"] = 0,
        ["GET /api/customers/addresses/countries/{country}/"] = 0,
        ["POST /api/customers/addresses/"] = 7,
        ["GET /api/customers/addresses/{address}/"] = 1,
        ["PUT /api/customers/addresses/{address}/"] = 12,
        ["PATCH /api/customers/addresses/{address}/"] = 9,
        ["DELETE /api/customers/addresses/{address}/"] = 10,
        ["POST /api/customers/addresses/{address}/set_default/"] = 3,
        ["GET /api/customers/groups/"] = 2,
        ["GET /api/customers/groups/fields/"] = 0,
        ["GET /api/customers/groups/values/"] = 1,
        ["POST /api/customers/groups/preview/"] = 4,
        ["GET /api/customers/groups/{group}/explain/"] = 3,
        ["POST /api/customers/groups/"] = 4,
        ["GET /api/customers/groups/{group}/"] = 1,
        ["PUT /api/customers/groups/{group}/"] = 8,
        ["PATCH /api/customers/groups/{group}/"] = 6,
        ["DELETE /api/customers/groups/{group}/"] = 12,
        ["GET /api/customers/groups/{group}/members/"] = 3,
        ["POST /api/customers/groups/{group}/add_member/"] = 5,
        ["POST /api/customers/groups/{group}/remove_member/"] = 14,
        ["POST /api/customers/groups/{group}/reset_member/"] = 14,
        ["GET /api/customers/groups/{group}/changes/"] = 2,
        ["POST /api/customers/groups/{group}/rebuild/"] = 2,
        ["GET /health/live"] = 0,
        // The write happens once in several seconds, however many probes there are.
        ["GET /health/ready"] = 3,
        ["GET /api/schema.json"] = 0,
        ["GET /api/asyncapi.json"] = 0,
        ["GET /"] = 0,
        ["GET /console/{page}"] = 0,
        ["GET /console/session/"] = 0,
        ["POST /console/session/"] = 0,
        ["POST /console/session/factor/"] = 0,
        ["POST /console/session/passkey/"] = 0,
        ["POST /console/session/renew/"] = 0,
        ["DELETE /console/session/"] = 0,
        ["GET /account/verify/"] = 0,
        ["GET /account/reset/"] = 0,
        ["GET /account/undo/"] = 0,
        ["GET /account/account.js"] = 0,
    };

    public static TheoryData<string> Calls => [.. PermissionTable.Rows.Select(row => row.Endpoint)];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_endpoint_keeps_its_budget(string endpoint)
    {
        var row = PermissionTable.Rows.Single(row => row.Endpoint == endpoint);
        var target = await cast.NewTargetAsync();
        await cast.Admin.StepUpAsync();

        var statements = await CountAsync(trace => row.SendAsync(cast.Admin, target, trace), row.Status);

        Assert.True(
            statements.Count <= Budgets[endpoint],
            $"{statements.Count} statements, and the budget is {Budgets[endpoint]}:\n{string.Join("\n\n", statements)}");
    }

    [Fact]
    public async Task Signing_in_registering_and_refreshing_keep_their_budgets()
    {
        var name = $"counted-{Guid.NewGuid():N}";
        var registered = await CountAsync(trace => app.Stranger.Post("/api/customers/register/", Given.Registration(name), trace), 201);
        var customer = await app.SignInAsync(name, ClienteleApp.Password);
        var signedIn = await CountAsync(trace => app.Stranger.Post("/api/auth/token/", new { username = name, password = ClienteleApp.Password }, trace), 200);
        var refreshed = await CountAsync(trace => app.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh }, trace), 200);

        Assert.InRange(registered.Count, 1, 15);
        Assert.InRange(signedIn.Count, 1, 11);
        Assert.InRange(refreshed.Count, 1, 5);
    }

    [Fact]
    public async Task A_list_sends_as_many_statements_for_fifty_rows_as_for_one()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        for (var i = 0; i < 55; i++)
        {
            var customer = await own.RegisterAsync($"customer{i}");
            (await admin.Post("/api/customers/addresses/", Given.Address(customer: customer))).Expect(201);
            (await admin.Post("/api/customers/groups/", new { name = $"Group {i}" })).Expect(201);
        }

        var group = (long)(await admin.Get("/api/customers/groups/?page_size=1")).Expect(200)["results"][0]!["id"]!;
        (await admin.Post($"/api/customers/groups/{group}/add_member/", new { customer_ids = Enumerable.Range(2, 55) })).Expect(200);
        string[] lists = ["/api/customers/customers/", "/api/customers/addresses/", "/api/customers/groups/", $"/api/customers/groups/{group}/members/"];
        foreach (var list in lists)
        {
            var one = await CountAsync(trace => admin.Get($"{list}?page_size=1", trace), 200);
            var fifty = await CountAsync(trace => admin.Get($"{list}?page_size=50", trace), 200);

            Assert.Equal(50, (await admin.Get($"{list}?page_size=50")).Expect(200)["results"].AsArray().Count);
            Assert.Equal(one.Count, fifty.Count);
        }
    }

    [Fact]
    public async Task A_customer_with_twenty_addresses_and_groups_costs_as_much_as_one_with_one()
    {
        var (few, many) = (await app.CustomerAsync(), await app.CustomerAsync());
        await FillAsync(few, 1);
        await FillAsync(many, 20);
        foreach (var path in new[] { "", "benefits/" })
        {
            var one = await CountAsync(trace => few.Get(few.Url + path, trace), 200);
            var twenty = await CountAsync(trace => many.Get(many.Url + path, trace), 200);

            Assert.Equal(one.Count, twenty.Count);
        }

        var small = await CountAsync(trace => few.Patch(few.Url, new { gender = "female" }, trace), 200);
        var large = await CountAsync(trace => many.Patch(many.Url, new { gender = "female" }, trace), 200);
        Assert.Equal(small.Count, large.Count);
    }

    [Fact]
    public async Task Adding_two_hundred_members_reads_no_more_often_than_adding_one()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var ids = new List<long>();
        for (var i = 0; i < 200; i++)
        {
            ids.Add(await own.RegisterAsync($"member{i}"));
        }

        var counts = new List<int>();
        foreach (var members in new[] { ids[..1], ids })
        {
            var group = (await admin.Post("/api/customers/groups/", new { name = $"Group of {members.Count}" })).Expect(201);
            var statements = await CountAsync(
                trace => admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_ids = members }, trace), 200);
            counts.Add(statements.Count(statement => !IsWrite(statement)));

            // A membership, its event, the two rows of its audit entry, and their count: together on PostgreSQL, one by one on SQLite, where a
            // statement needs no round trip.
            Assert.InRange(statements.Count(IsWrite), 1, TestDatabase.Kind is DatabaseKind.Sqlite ? 5 * members.Count : 4);
        }

        Assert.Equal(counts[0], counts[1]);

        static bool IsWrite(string statement) =>
            statement.Contains("INSERT INTO", StringComparison.Ordinal) || statement.Contains("UPDATE \"customers\"", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lock_and_the_save_of_a_write_are_its_only_round_trips()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has no round trips.");
        var customer = await app.CustomerAsync();
        var address = Given.Address(customer: customer.Id);
        var lines = new[] { new { line_number = 1, product_id = "tee-01", name = "Plain T-shirt", quantity = 1, unit_price = "9.90" } };
        var order = new { customer = customer.Id, status = "paid", total = "9.90", placed_at = "2026-01-05T10:00:00Z", revision = 1, lines };

        foreach (var sent in new[]
        {
            await CountAsync(trace => cast.Admin.Post("/api/customers/addresses/", address, trace), 201),
            await CountAsync(trace => cast.Admin.Put($"/api/orders/{Guid.NewGuid():N}/", order, trace), 201),
        })
        {
            Assert.Equal(2, sent.Count);
            Assert.EndsWith("COMMIT", sent[1], StringComparison.Ordinal);
        }
    }

    private async Task FillAsync(Actor customer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);
            var group = (await cast.Admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" })).Expect(201);
            (await cast.Admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_id = customer.Id })).Expect(200);
        }
    }

    /// <summary>The statements of a request, without the check of the caller's account, which happens every five seconds.</summary>
    private static async Task<IReadOnlyList<string>> CountAsync(Func<(string, string), Task<Answer>> send, int status)
    {
        var trace = StatementLog.NewTrace();
        (await send(trace)).Expect(status);
        return [.. StatementLog.Of(trace).Where(statement => !Standing().IsMatch(statement))];
    }

    [GeneratedRegex("""^SELECT "?a"?."?security_version"?, "?c0?"?."?is_active""")]
    private static partial Regex Standing();
}
