using Clientele.Server.Data;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>What the review of all statements of a run (see <see cref="StatementLog"/>) accepts and what it does not.</summary>
public sealed class ReviewingStatements
{
    [Theory]
    [InlineData("SELECT a.city FROM addresses AS a WHERE a.customer_id = @id")]
    [InlineData("SELECT \"a\".\"city\" FROM \"addresses\" AS \"a\" WHERE \"a\".\"customer_id\" = @id AND \"a\".\"is_default\"")]
    [InlineData("SELECT c.email FROM customers AS c WHERE c.id = ANY (@ids)")]
    [InlineData("SELECT \"c\".\"email\" FROM \"customers\" AS \"c\" WHERE \"c\".\"id\" IN (SELECT value FROM json_each(@ids))")]
    [InlineData("SELECT id, version FROM customers WHERE id = @id FOR UPDATE")]
    [InlineData("SELECT customer_id FROM addresses WHERE customer_id = @id AND is_default FOR UPDATE;\n"
        + "SELECT c.id FROM customers AS c WHERE c.id = ANY (@ids)")]
    [InlineData("SELECT group_id, members FROM group_counts WHERE group_id = $1 FOR UPDATE NOWAIT")]
    [InlineData("-- scatter: how many there are\n\nSELECT count(*), sum(c.total_orders * 2) FROM customers AS c")]
    [InlineData("-- scatter: is anything queued\n\nSELECT s.id FROM segment_changes AS s LIMIT 1")]
    [InlineData("-- scatter: keys whose time is over\n\nDELETE FROM idempotency_keys AS i WHERE i.created_at < @old")]
    [InlineData("UPDATE idempotency_keys AS i SET status = @status WHERE i.key = @key")]
    [InlineData("INSERT INTO throttles (key, tries) VALUES (@key, 1) ON CONFLICT (key) DO UPDATE SET tries = 2 RETURNING key, tries")]
    [InlineData("-- scatter: the admin's list\n\nSELECT c.email FROM customers AS c")]
    [InlineData("INSERT INTO addresses (customer_id, id, city) VALUES (@p0, @p1, @p2)")]
    [InlineData("UPDATE addresses SET city = @p0 WHERE customer_id = @p1 AND id = @p2")]
    [InlineData("DELETE FROM memberships AS m WHERE m.customer_id = @id")]
    [InlineData("SELECT c.id FROM customers AS c WHERE c.id = @id AND EXISTS (SELECT 1 FROM memberships AS m WHERE m.customer_id = c.id)")]
    [InlineData("SELECT n.customer_id FROM login_names AS n WHERE n.name = @name")]
    [InlineData("SELECT ARRAY[(SELECT count(*) FROM orders AS o WHERE FALSE) <= @value] FROM customers AS c WHERE c.id = @id")]
    [InlineData("SELECT (SELECT COUNT(*) FROM \"orders\" AS \"o\" WHERE 0) <= @value FROM \"customers\" AS \"c\" WHERE \"c\".\"id\" = @id")]
    [InlineData("-- scatter: the newest\n\nSELECT l.sku, count(*) FROM (SELECT o.customer_id FROM orders AS o LIMIT 9) AS n\n"
        + "INNER JOIN order_lines AS l ON n.customer_id = l.customer_id\nGROUP BY l.sku\nLIMIT 20")]
    public void A_statement_about_one_customer_or_with_a_reason_passes(string statement) => Assert.Empty(StatementRules.Complaints(statement));

    [Theory]
    [InlineData("SELECT a.city FROM addresses AS a", "without customer_id")]
    [InlineData("SELECT a.city FROM addresses AS a WHERE a.id = @id", "without customer_id")]
    [InlineData("SELECT a.city FROM addresses AS a WHERE 0 < a.id", "without customer_id")]
    [InlineData("SELECT c.id FROM customers AS c WHERE c.loyalty_tier = @tier", "without id")]
    [InlineData("SELECT c.id FROM customers AS c WHERE c.uuid = @id", "without id")]
    [InlineData("-- scatter:\n\nSELECT c.id FROM customers AS c", "without id")]
    [InlineData("-- a list\n\nSELECT c.id FROM customers AS c", "without id")]
    [InlineData("INSERT INTO addresses (id, city) VALUES (@p0, @p1)", "without customer_id")]
    [InlineData("UPDATE addresses SET customer_id = @p0", "never updated")]
    [InlineData("UPDATE addresses SET version = @customer_id", "without customer_id")]
    [InlineData("DELETE FROM memberships AS m WHERE m.group_id = @id", "without customer_id")]
    [InlineData("DELETE FROM addresses WHERE customer_id = @id; DELETE FROM memberships WHERE group_id = @id", "memberships without")]
    [InlineData("SELECT 1 FROM customers AS c INNER JOIN accounts AS a ON a.customer_id = c.id", "given")]
    [InlineData("SELECT 1 FROM customers AS c INNER JOIN login_names AS n ON n.customer_id = c.id WHERE c.id = @id", "first the claim")]
    [InlineData("SELECT * FROM customers WHERE id = @id", "SELECT *")]
    [InlineData("SELECT m.* FROM memberships AS m WHERE m.customer_id = @id", ".*")]
    [InlineData("SELECT \"m\".* FROM memberships AS m WHERE m.customer_id = @id", ".*")]
    [InlineData("INSERT INTO addresses (customer_id, id) VALUES (@p0, @p1) RETURNING *", "RETURNING *")]
    [InlineData("SELECT id FROM customers WHERE id = ANY (@ids) ORDER BY id FOR UPDATE", "names one row")]
    [InlineData("SELECT id FROM customers WHERE id IN (@one, @other) FOR SHARE", "names one row")]
    [InlineData("-- scatter: all of them\n\nSELECT id FROM customers WHERE is_active FOR UPDATE", "names one row")]
    [InlineData("SELECT group_id FROM group_counts WHERE group_id = ANY (@ids) FOR NO KEY UPDATE", "names one row")]
    [InlineData("-- scatter: the oldest\n\nSELECT id FROM segment_changes ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED", "guarded update")]
    [InlineData("SELECT group_id FROM group_counts WHERE group_id = @id FOR UPDATE SKIP LOCKED", "guarded update")]
    [InlineData("-- scatter: is anything queued\n\nSELECT EXISTS (SELECT 1 FROM segment_changes AS s WHERE s.claimed_until <= @now)", "LIMIT 1")]
    [InlineData("DELETE FROM idempotency_keys AS i WHERE i.subject_id = @id", "without key")]
    [InlineData("DELETE FROM throttles AS t WHERE t.window_ends < @ended", "without key")]
    [InlineData("SELECT n.group_id FROM group_names AS n WHERE n.group_id = @id", "without name")]
    [InlineData("UPDATE customers SET last_login = now() WHERE id = @id", "now(")]
    [InlineData("UPDATE customers SET last_login = CURRENT_TIMESTAMP WHERE id = @id", "CURRENT_TIMESTAMP")]
    [InlineData("SELECT c.id FROM customers AS c LEFT JOIN addresses AS a ON c.id = a.customer_id WHERE c.id = @id LIMIT 1", "by their own customer_id")]
    public void Any_other_statement_on_what_customers_own_is_complained_of(string statement, string about) =>
        Assert.Contains(about, string.Join('\n', StatementRules.Complaints(statement)), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("SELECT code FROM countries WHERE code = @code FOR UPDATE")]
    [InlineData("SELECT code FROM countries WHERE code = @code FOR KEY SHARE")]
    public void A_lock_on_a_reference_table_is_complained_of(string statement) => Assert.Contains(
        "never locked",
        Assert.Single(StatementRules.Complaints(
            statement,
            new Dictionary<string, (TableClass Class, string Key)> { ["countries"] = (TableClass.Reference, "code") })),
        StringComparison.Ordinal);

    [Fact]
    public async Task The_statements_of_the_app_are_read_along()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var trace = StatementLog.NewTrace();
        (await customer.Get("/api/customers/addresses/", trace)).Expect(200);

        Assert.Contains(StatementLog.Of(trace), statement => statement.Contains("addresses", StringComparison.Ordinal));
    }
}
