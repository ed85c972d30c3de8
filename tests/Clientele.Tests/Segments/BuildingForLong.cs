using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.Segments;

public sealed class BuildingForLong
{
    private const string Claimed = "SELECT CAST(extract(epoch FROM claimed_until) * 1000 AS bigint) FROM segments";

    [Fact]
    public async Task A_node_keeps_its_lease_however_long_a_part_of_the_build_takes()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "Nobody can hold a reader of SQLite up.");
        var token = TestContext.Current.CancellationToken;
        await using var app = await ClienteleApp.StartAsync();
        var (admin, customer) = (await app.FreshAdminAsync(), await app.NewCustomerAsync());
        await app.Database.ExecuteAsync($"INSERT INTO customer_tags (customer_id, tag_key, tag) VALUES ({customer}, 'slow', 'slow')");
        await using var connection = new NpgsqlConnection(app.Database.ConnectionString);
        await connection.OpenAsync(token);
        await using var slow = await connection.BeginTransactionAsync(token);
        await using var hold = new NpgsqlCommand("LOCK TABLE customer_tags IN ACCESS EXCLUSIVE MODE", connection, slow);
        await hold.ExecuteNonQueryAsync(token);

        var rule = new { field = "tags", op = "contains_any", value = new[] { "slow" } };
        var group = (long)(await admin.Post(Lists.Groups, new { name = "Slow", auto_assign = true, assignment_rules = rule })).Expect(201)["id"];
        await Wait.UntilAsync(async () => await app.Database.CountAsync(Claimed) > 0, TimeSpan.FromSeconds(30), "the build has begun");
        var begun = await app.Database.CountAsync(Claimed);
        await Wait.UntilAsync(async () => await app.Database.CountAsync(Claimed) > begun + 1000, TimeSpan.FromSeconds(30), "the lease is extended");
        await slow.CommitAsync(token);

        await app.ExpectAsync(group, customer);
    }
}
