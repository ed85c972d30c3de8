using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Privacy;

/// <summary>Who has changed what in a customer's data, as admins read it.</summary>
public sealed class ReadingHistory(ClienteleApp app)
{
    [Fact]
    public async Task The_newest_change_comes_first_with_who_what_and_from_where()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        (await customer.Patch(customer.Url, new { gender = "female", email = $"new-{customer.Email}", current_password = customer.Password })).Expect(200);
        (await admin.Post($"{customer.Url}verify/")).Expect(200);

        var history = (await admin.Get($"{customer.Url}history/")).Expect(200);

        Assert.Equal(4, (int)history["count"]);
        var (verified, updated) = (history["results"][0]!, history["results"][1]!);
        var expected = $$"""{"id":4,"actor":{"id":{{admin.Id}},"role":"admin","key":null,"name":null},"action":"customer.verified","changes":"""
            + """[{"member":"is_verified","from":"false","to":"true"}],"network":"127.0.0.1"}""";
        Assert.Equal(expected, Without(verified, "at", "resource"));
        Assert.Equal($"customer/{customer.Id}", (string)verified["resource"]!);
        Assert.Equal((customer.Id, "customer"), ((long)updated["actor"]!["id"]!, (string)updated["actor"]!["role"]!));
        Assert.Equal(["gender", "pending_email"], updated["changes"]!.AsArray().Select(change => (string)change!["member"]!).Order(StringComparer.Ordinal));

        // No value of former data is stored.
        Assert.DoesNotContain("@example", history.Text, StringComparison.Ordinal);
        Assert.Null(updated["changes"]!.AsArray().Single(change => (string)change!["member"]! == "pending_email")!["to"]);
    }

    [Fact]
    public async Task Filters_narrow_it_down()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var address = (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);
        (await admin.Patch(customer.Url, new { notes = "A good customer" })).Expect(200);
        var at = (string)(await admin.Get($"{customer.Url}history/?ordering=id")).Expect(200)["results"][1]!["at"]!;

        Assert.Equal("1 2 3", await IdsAsync("ordering=id"));
        Assert.Equal("1", await IdsAsync("action=customer.registered"));
        Assert.Equal("2", await IdsAsync($"actor={customer.Id}"));
        Assert.Equal("3", await IdsAsync("role=admin"));
        Assert.Equal("1", await IdsAsync("role=anonymous"));
        Assert.Equal("2", await IdsAsync($"resource=address/{address["id"]}"));
        Assert.Contains("2", await IdsAsync($"at_after={at}&at_before={at}"), StringComparison.Ordinal);
        Assert.Empty(await IdsAsync("at_before=2000-01-01"));
        (await admin.Get($"{customer.Url}history/?role=nobody")).ExpectProblem(400, "role");
        (await admin.Get($"{customer.Url}history/?at_after=lately")).ExpectProblem(400, "at_after");
        (await admin.Get($"{customer.Url}history/?who=1")).ExpectProblem(400, "who");

        async Task<string> IdsAsync(string query) =>
            string.Join(' ', (await admin.Get($"{customer.Url}history/?{query}")).Expect(200)["results"].AsArray().Select(entry => entry!["id"]));
    }

    [Fact]
    public async Task Pages_and_cursors_reach_every_entry()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        for (var i = 0; i < 6; i++)
        {
            (await customer.Patch(customer.Url, new { gender = $"g{i}" })).Expect(200);
        }

        foreach (var begin in new[] { "page_size=3", "page_size=3&cursor=" })
        {
            var found = new List<long>();
            for (var next = $"{customer.Url}history/?{begin}"; next is not null;)
            {
                var page = (await admin.Get(next)).Expect(200);
                found.AddRange(page["results"].AsArray().Select(entry => (long)entry!["id"]!));
                next = page.Json["next"] is { } link ? new Uri((string)link!).PathAndQuery : null;
            }

            Assert.Equal([7, 6, 5, 4, 3, 2, 1], found);
        }
    }

    [Fact]
    public async Task Of_somebody_who_was_erased_entries_remain_that_name_nobody()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        (await customer.Patch(customer.Url, new { gender = "female" })).Expect(200);
        (await admin.Delete(customer.Url)).Expect(204);

        var history = (await admin.Get($"{customer.Url}history/")).Expect(200);

        Assert.Equal(["customer.erased", "customer.updated", "customer.registered"], history["results"].AsArray().Select(entry => (string)entry!["action"]!));
        Assert.All(history["results"].AsArray(), entry => Assert.Equal((null, null), (entry!["changes"], entry["network"])));
    }

    [Fact]
    public async Task Of_somebody_who_never_was_there_is_none() =>
        (await (await app.AdminAsync()).Get("/api/customers/customers/999999999999/history/")).ExpectProblem(404);

    private static string Without(System.Text.Json.Nodes.JsonNode entry, params string[] members)
    {
        var copy = entry.DeepClone().AsObject();
        foreach (var member in members)
        {
            copy.Remove(member);
        }

        return copy.ToJsonString();
    }
}
