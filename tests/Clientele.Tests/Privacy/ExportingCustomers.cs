using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Clientele.Server.Privacy;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Privacy;

/// <summary>Everything stored about a person, as one document.</summary>
public sealed class ExportingCustomers(ClienteleApp app)
{
    [Fact]
    public async Task The_owner_gets_a_file_with_all_the_parts()
    {
        var customer = await app.CustomerAsync();

        var export = (await customer.Get($"{customer.Url}export/")).Expect(200);

        Assert.Equal($"attachment; filename=\"customer-{customer.Id}.json\"", export.Headers["Content-Disposition"]);
        Assert.Equal("no-store", export.Headers["Cache-Control"]);
        Assert.Equal(
            [
                "customer", "addresses", "groups", "loyalty", "orders", "wishlist", "reviews", "consents", "sessions", "messages", "former_emails", "passkeys",
                "history",
            ],
            export.Json.AsObject().Select(part => part.Key));
        Assert.Equal(customer.Email, (string)export["customer"]["email"]!);
    }

    [Fact]
    public async Task Who_reads_two_slowly_gets_no_third_and_others_get_theirs()
    {
        var (customer, other) = (await app.CustomerAsync(), await app.CustomerAsync());
        var (turns, token) = (app.Services.GetRequiredService<ExportTurns>(), TestContext.Current.CancellationToken);
        using (await turns.TakeAsync(new($"customer {customer.Id}", IsCustomer: true), token))
        {
            using var second = await turns.TakeAsync(new($"customer {customer.Id}", IsCustomer: true), token);
            (await customer.Get($"{customer.Url}export/")).ExpectProblem(503);
            (await other.Get($"{other.Url}export/")).Expect(200);
        }

        for (var i = 0; i <= ExportTurns.MostOfCaller; i++)
        {
            (await customer.Get($"{customer.Url}export/")).Expect(200);
        }
    }

    [Fact]
    public async Task Customers_who_read_slowly_leave_turns_for_the_shop()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, admin) = (await own.CustomerAsync(), await own.AdminAsync());
        var (turns, token) = (own.Services.GetRequiredService<ExportTurns>(), TestContext.Current.CancellationToken);
        var slow = new List<IDisposable?>();
        for (var i = 0; i < 3; i++)
        {
            slow.Add(await turns.TakeAsync(new($"customer {i}", IsCustomer: true), token));
        }

        Assert.DoesNotContain(null, slow);
        var next = turns.TakeAsync(new("customer 3", IsCustomer: true), token);
        (await admin.Get($"{customer.Url}export/")).Expect(200);
        slow.ForEach(turn => turn!.Dispose());
        using var taken = await next;
        (await customer.Get($"{customer.Url}export/")).Expect(200);
    }

    [Fact]
    public async Task It_is_the_same_document_whoever_gets_it_and_says_what_the_shop_has_noted()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        (await admin.Patch(customer.Url, new { notes = "Pays late", tags = new[] { "press" }, metadata = new { shoe_size = 43 } })).Expect(200);

        var own = (await customer.Get($"{customer.Url}export/")).Expect(200);
        var theirs = (await admin.Get($"{customer.Url}export/")).Expect(200);

        Assert.Equal("Pays late", (string)own["customer"]["notes"]!);
        Assert.Equal(own["customer"].ToJsonString(), theirs["customer"].ToJsonString());
    }

    [Fact]
    public async Task Of_the_shops_people_it_shows_neither_number_nor_network()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        (await customer.Patch(customer.Url, new { gender = "female" })).Expect(200);
        (await admin.Post($"{customer.Url}verify/")).Expect(200);
        (await admin.Get($"{customer.Url}export/")).Expect(200);

        foreach (var reader in new[] { customer, admin })
        {
            var history = (await reader.Get($"{customer.Url}export/")).Expect(200)["history"].AsArray();
            var (own, theirs) = (history[1]!, history[2]!);
            Assert.Equal((customer.Id, "customer"), ((long)own["actor"]!["id"]!, (string)own["actor"]!["role"]!));
            Assert.NotNull(own["network"]);
            Assert.Equal((null, "admin", null), (theirs["actor"]!["id"], (string)theirs["actor"]!["role"]!, theirs["network"]));
        }
    }

    [Fact]
    public async Task That_it_was_made_is_in_the_history_and_its_own_last_entry()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());

        var export = (await customer.Get($"{customer.Url}export/")).Expect(200);

        Assert.Equal("customer.exported", (string)export["history"].AsArray()[^1]!["action"]!);
        var newest = (await admin.Get($"{customer.Url}history/")).Expect(200)["results"][0]!;
        Assert.Equal(("customer.exported", customer.Id), ((string)newest["action"]!, (long)newest["actor"]!["id"]!));
    }

    [Fact]
    public async Task Consents_tell_what_was_agreed_to_and_since_when()
    {
        var customer = await app.CustomerAsync(with: new { accepts_marketing_email = true });
        (await customer.Patch(customer.Url, new { accepts_marketing_email = false })).Expect(200);
        (await customer.Patch(customer.Url, new { accepts_marketing_email = true, accepts_marketing_sms = true })).Expect(200);

        var export = (await customer.Get($"{customer.Url}export/")).Expect(200);

        var (email, sms) = (export["consents"][0]!, export["consents"][1]!);
        Assert.Equal(("accepts_marketing_email", true), ((string)email["name"]!, (bool)email["is_given"]!));
        Assert.Equal(
            [(true, "anonymous"), (false, "customer"), (true, "customer")],
            email["changes"]!.AsArray().Select(change => ((bool)change!["is_given"]!, (string)change["by"]!)));
        Assert.Equal((string)export["history"][2]!["at"]!, (string)email["since"]!);
        Assert.Equal(
            [(false, "anonymous"), (true, "customer")],
            sms["changes"]!.AsArray().Select(change => ((bool)change!["is_given"]!, (string)change["by"]!)));
    }

    [Fact]
    public async Task A_session_is_one_however_often_it_was_renewed()
    {
        var customer = await app.CustomerAsync();
        var renewed = (await app.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).Expect(200);
        (await app.Stranger.Post("/api/auth/token/refresh/", new { refresh = (string)renewed["refresh"]! })).Expect(200);
        await app.SignInAsync(customer.Username, customer.Password);

        var sessions = (await customer.Get($"{customer.Url}export/")).Expect(200)["sessions"].AsArray();

        Assert.Equal(2, sessions.Count);
        Assert.NotNull(sessions[0]!["last_used_at"]);
        Assert.Null(sessions[1]!["last_used_at"]);
        Assert.All(sessions, session => Assert.Equal(
            14, (Instant(session!["expires_at"]!) - Instant(session["last_used_at"] ?? session["began_at"]!)).TotalDays, tolerance: 0.001));
    }

    [Fact]
    public async Task Of_somebody_who_was_erased_there_is_none()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        (await admin.Delete(customer.Url)).Expect(204);

        (await admin.Get($"{customer.Url}export/")).ExpectProblem(404);
    }

    /// <summary>The client reads the beginning, waits, and reads the rest; data written meanwhile is not in it.</summary>
    [Fact]
    public async Task It_shows_one_instant_however_long_it_takes_to_read()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, admin) = (await own.CustomerAsync(), await own.AdminAsync());
        await ManyOrders.InsertAsync(own.Database, customer.Id, 40_000);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{customer.Url}export/");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", customer.Access);
        using var response = await customer.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var document = new MemoryStream();
        var begin = new byte[1000];
        await stream.ReadExactlyAsync(begin, TestContext.Current.CancellationToken);
        document.Write(begin);

        var last = new { customer = customer.Id, status = "paid", total = 10, placed_at = "2025-10-15T14:30:00Z", revision = 1 };
        (await admin.Put("/api/orders/zzz/", last)).Expect(201);
        (await customer.Put($"{customer.Url}wishlist/p1/", new { name = "Umbrella" })).Expect(201);

        await stream.CopyToAsync(document, TestContext.Current.CancellationToken);
        var export = JsonNode.Parse(Encoding.UTF8.GetString(document.ToArray()))!;
        Assert.Equal(40_000, export["orders"]!.AsArray().Count);
        Assert.Equal(40_000, export["orders"]!.AsArray().Select(order => (string)order!["order_number"]!).Distinct().Count());
        Assert.Empty(export["wishlist"]!.AsArray());
    }

    [Fact]
    public async Task If_it_loses_the_database_it_breaks_off_and_the_log_has_one_line_about_it()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "A file cannot be lost.");
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await ManyOrders.InsertAsync(own.Database, customer.Id, 40_000);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{customer.Url}export/");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", customer.Access);
        using var response = await customer.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte[1000], TestContext.Current.CancellationToken);

        await own.Database.QueryAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        await Assert.ThrowsAnyAsync<Exception>(() => stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
        await Wait.UntilAsync(
            () => Task.FromResult(own.Log.Lines.Any(line => line.Contains("Not available for 1 requests", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(20), "the failure is logged");
        Assert.DoesNotContain(own.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.DoesNotContain(own.Log.Lines, line => line.Contains("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    private static DateTime Instant(JsonNode value) => DateTime.Parse((string)value!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
