using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Tests.House;
using Clientele.Tests.Segments;
using Clientele.Tests.Support;

namespace Clientele.Tests.Bulk;

/// <summary>A job changes everybody whom the filters of the list match, as single requests would.</summary>
public sealed class ChangingManyCustomers(OwnApp app) : IClassFixture<OwnApp>
{
    private const int Many = 5000;

    [Fact]
    public async Task Five_thousand_customers_are_added_to_a_group_in_the_name_of_the_admin()
    {
        var (admin, group, (word, ids)) = (await app.AdminAsync(), await app.GroupAsync(), await app.CrowdAsync(Many));

        var job = await admin.ChangeAsync(new { action = "add_to_group", filters = new { search = word }, group });

        Assert.Equal(("done", Many, Many, Many, 0), State(job));
        Assert.Equal(Many, (long)(await admin.Get(Segmenting.Url(group))).Expect(200)["members_count"]);
        var entry = (await admin.Get($"/api/customers/customers/{ids[Many / 2]}/history/")).Expect(200)["results"][0]!;
        Assert.Equal(("membership.added", admin.Id), ((string)entry["action"]!, (long)entry["actor"]!["id"]!));
        Assert.Equal((string)job["id"]!, (string)entry["changes"]![0]!["to"]!);
        await AuditChain.VerifyAsync(app.Database);
    }

    [Fact]
    public async Task Doing_it_again_changes_nobody()
    {
        var (admin, (word, _)) = (await app.AdminAsync(), await app.CrowdAsync(250));
        var request = new { action = "add_tags", filters = new { search = word }, tags = new[] { "Press", "press" } };

        Assert.Equal(("done", 250, 250, 250, 0), State(await admin.ChangeAsync(request)));
        Assert.Equal(("done", 250, 250, 0, 0), State(await admin.ChangeAsync(request)));
    }

    [Fact]
    public async Task A_change_increases_the_version_and_segments_follow()
    {
        var (admin, (word, ids)) = (await app.AdminAsync(), await app.CrowdAsync(3));
        var segment = await app.SegmentAsync(new { field = "tags", op = "contains_any", value = new[] { word } });
        var before = (await admin.Get($"/api/customers/customers/{ids[0]}/")).Expect(200).ETag;

        await admin.ChangeAsync(new { action = "add_tags", filters = new { search = word }, tags = new[] { word } });

        await app.DrainAsync();
        Assert.Equal(ids, await app.MembersAsync(segment));
        (await admin.Patch($"/api/customers/customers/{ids[0]}/", new { gender = "female" }, ("If-Match", before))).ExpectProblem(412);
        await admin.ChangeAsync(new { action = "remove_tags", ids = ids.Take(2), tags = new[] { word.ToUpperInvariant() } });
        await app.DrainAsync();
        Assert.Equal([ids[2]], await app.MembersAsync(segment));
    }

    [Fact]
    public async Task Filters_that_match_nobody_end_at_once()
    {
        var job = await (await app.AdminAsync()).ChangeAsync(new { action = "make_vip", filters = new { search = "nobody whom there is" } });

        Assert.Equal(("done", 0, 0, 0, 0), State(job));
    }

    [Fact]
    public async Task The_vip_status_goes_to_the_selected_customers_who_exist()
    {
        var (admin, (_, ids)) = (await app.AdminAsync(), await app.CrowdAsync(4));

        var job = await admin.ChangeAsync(new { action = "make_vip", ids = new[] { ids[0], ids[1], ids[1], 999_999_999 } });

        Assert.Equal(("done", 2, 2, 2, 0), State(job));
        Assert.True((bool)(await admin.Get($"/api/customers/customers/{ids[1]}/")).Expect(200)["is_vip"]);
        Assert.False((bool)(await admin.Get($"/api/customers/customers/{ids[2]}/")).Expect(200)["is_vip"]);
    }

    [Fact]
    public async Task Who_takes_a_filter_of_the_list_takes_it_here_with_the_same_message()
    {
        var admin = await app.AdminAsync();
        var wrong = new { is_vip = "maybe", min_orders = "x", loyalty_tier = "diamond", uuid = 5, joined_after = "yesterday", page = 2, nonsense = 1 };

        var refused = (await admin.Post(Bulking.Jobs, new { action = "make_vip", filters = wrong })).ExpectProblem(400)["errors"].AsObject();

        var list = (await admin.Get("/api/customers/customers/?is_vip=maybe&min_orders=x&loyalty_tier=diamond&uuid=5&joined_after=yesterday"))
            .ExpectProblem(400)["errors"].AsObject();
        Assert.All(list, error => Assert.Equal(error.Value!.ToJsonString(), refused[$"filters/{error.Key}"]!.ToJsonString()));
        Assert.Equal(
            ["filters/is_vip", "filters/joined_after", "filters/loyalty_tier", "filters/min_orders", "filters/nonsense", "filters/page", "filters/uuid"],
            refused.Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"action": "erase", "filters": {}}""", "action")]
    [InlineData("""{"action": "make_vip"}""", "filters")]
    [InlineData("""{"action": "make_vip", "filters": {}, "ids": [1]}""", "ids")]
    [InlineData("""{"action": "make_vip", "ids": []}""", "ids")]
    [InlineData("""{"action": "add_tags", "filters": {}}""", "tags")]
    [InlineData("""{"action": "add_tags", "filters": {}, "tags": [" "]}""", "tags")]
    [InlineData("""{"action": "make_vip", "filters": {}, "tags": ["x"]}""", "tags")]
    [InlineData("""{"action": "add_to_group", "filters": {}}""", "group")]
    [InlineData("""{"action": "add_to_group", "filters": {}, "group": 999999999}""", "group")]
    [InlineData("""{"action": "make_vip", "filters": {"is_vip": {}}}""", "filters/is_vip")]
    [InlineData("""{"action": "make_vip", "filters": {"is_vip": ""}}""", "filters/is_vip")]
    [InlineData("""{"action": "make_vip", "filters": {"search": ""}}""", "filters/search")]
    [InlineData("""{"action": "make_vip", "filters": {"search": ","}}""", "filters/search")]
    [InlineData("""{"action": "make_vip", "filters": {"search": "\u0301"}}""", "filters/search")]
    [InlineData("""{"action": "make_vip", "filters": {"ordering": "email"}}""", "filters/ordering")]
    public async Task A_wrong_request_is_told_what_is_wrong(string body, string member) =>
        (await (await app.AdminAsync()).Post(Bulking.Jobs, body)).ExpectProblem(400, member);

    [Fact]
    public async Task A_repeated_request_starts_one_job()
    {
        var (admin, key) = (await app.AdminAsync(), ("Idempotency-Key", $"{Guid.NewGuid()}"));
        var request = new { action = "make_vip", filters = new { search = "nobody whom there is" } };

        var first = (await admin.Post(Bulking.Jobs, request, key)).Expect(202);
        var again = (await admin.Post(Bulking.Jobs, request, key)).Expect(202);

        Assert.Equal((string)first["id"]!, (string)again["id"]!);
    }

    [Fact]
    public async Task A_customer_who_cannot_have_more_tags_is_named_and_the_others_are_changed()
    {
        var (admin, (word, ids)) = (await app.AdminAsync(), await app.CrowdAsync(3));
        (await admin.Patch($"/api/customers/customers/{ids[1]}/", new { tags = Enumerable.Range(0, 100).Select(i => $"t{i}") })).Expect(200);

        var job = await admin.ChangeAsync(new { action = "add_tags", filters = new { search = word }, tags = new[] { "one more" } });

        Assert.Equal(("done", 3, 3, 2, 1), State(job));
        var error = Assert.Single(job["errors"]!.AsArray())!;
        Assert.Equal((ids[1], "At most 100 tags."), ((long)error["customer"]!, (string)error["message"]!));
    }

    [Fact]
    public async Task A_cancelled_job_stops_and_what_is_done_stays()
    {
        var (admin, (word, _)) = (await app.AdminAsync(), await app.CrowdAsync(Many));
        var job = await admin.StartAsync(new { action = "add_tags", filters = new { search = word }, tags = new[] { word } });
        await admin.UntilDoneAsync(job, 100);

        var ended = (await admin.Post($"{Bulking.Url(job)}cancel/")).Expect(200);

        Assert.Equal("cancelled", (string)ended["state"]!);
        Assert.InRange((long)ended["done"]!, 100, Many - 1);
        Assert.Equal(ended.Text, (await admin.Post($"{Bulking.Url(job)}cancel/")).Expect(200).Text);
        await admin.ChangeAsync(new { action = "make_vip", filters = new { search = "nobody whom there is" } });
        Assert.Equal((long)ended["done"]!, await app.Database.CountAsync($"SELECT COUNT(*) FROM customer_tags WHERE tag = '{word}'"));
    }

    [Fact]
    public async Task An_admin_who_is_demoted_meanwhile_changes_nobody_any_more()
    {
        var (admin, other, (word, _)) = (await app.AdminAsync(), await app.NewAdminAsync(), await app.CrowdAsync(Many));
        var job = await other.StartAsync(new { action = "make_vip", filters = new { search = word } });
        await admin.UntilDoneAsync(job, 100);

        Assert.Empty(await app.DemoteAsync(other.Username));

        var ended = await admin.UntilEndedAsync(job);
        Assert.Equal(("failed", "Whoever started the job may not do this any longer."), ((string)ended["state"]!, (string)ended["reason"]!));
        Assert.Equal((long)ended["changed"]!, await app.Database.CountAsync($"SELECT COUNT(*) FROM customers WHERE is_vip AND username LIKE '{word}%'"));
    }

    [Fact]
    public async Task A_group_that_is_deleted_meanwhile_ends_the_job()
    {
        var (admin, group, (word, _)) = (await app.AdminAsync(), await app.GroupAsync(), await app.CrowdAsync(Many));
        var job = await admin.StartAsync(new { action = "add_to_group", filters = new { search = word }, group });
        await admin.UntilDoneAsync(job, 100);

        (await admin.Delete(Segmenting.Url(group))).Expect(204);

        Assert.Equal("The group was deleted.", (string)(await admin.UntilEndedAsync(job))["reason"]!);
    }

    [Fact]
    public async Task Nothing_of_the_filters_is_kept_after_the_end()
    {
        var admin = await app.AdminAsync();
        var job = await admin.ChangeAsync(new { action = "make_vip", filters = new { email = "somebody@example.com" } });

        var kept = await app.Database.QueryAsync($"SELECT filters FROM bulk_jobs WHERE filters LIKE '%somebody@example.com%'");

        Assert.Empty(kept);
        Assert.Contains((await admin.Get($"{Bulking.Jobs}?state=done")).Expect(200)["results"].AsArray(), one => (string)one!["id"]! == (string)job["id"]!);
    }

    [Fact]
    public async Task The_sdk_takes_the_query_of_the_list()
    {
        var (word, ids) = await app.CrowdAsync(2);
        using var client = app.Client(await app.AdminAsync());
        var cancellation = TestContext.Current.CancellationToken;

        var started = await client.Bulk.StartAsync(
            new()
            {
                Action = BulkAction.AddTags,
                Filters = new CustomerQuery { Search = word, MinOrders = 0, IsActive = true, OrderBy = [CustomerOrdering.Name] }.ToFilters(),
                Tags = [word],
            },
            cancellation);

        await (await app.AdminAsync()).UntilEndedAsync(new JsonObject { ["id"] = started.Value.Id.ToString() });
        var ended = await client.Bulk.GetAsync(started.Value.Id, cancellation);
        Assert.Equal((BulkJobState.Done, ids.Count), (ended.Value.State, (int)ended.Value.Changed));
        await client.Bulk.CancelAsync(started.Value.Id, cancellation);
        Assert.Contains(started.Value.Id, (await client.Bulk.ListAsync(new() { PageSize = 100 }, cancellation)).Results.Select(job => job.Id));
    }

    private static (string State, long Total, long Done, long Changed, long Failed) State(JsonNode job) =>
        ((string)job["state"]!, (long)job["total"]!, (long)job["done"]!, (long)job["changed"]!, (long)job["failed"]!);
}
