using Clientele.Tests.Support;

namespace Clientele.Tests.Privacy;

/// <summary>More orders than any customer places, each with a line: only the largest customer of a shop has as many.</summary>
internal static class ManyOrders
{
    public static async Task InsertAsync(TestDatabase database, long customer, int count)
    {
        var numbers = TestDatabase.Kind is DatabaseKind.Postgres
            ? $"WITH numbers AS (SELECT n FROM generate_series(1, {count}) AS n)"
            : $"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})";
        var instant = TestDatabase.Kind is DatabaseKind.Postgres ? "2025-10-15 14:30:00+00" : "2025-10-15 14:30:00";
        await database.ExecuteAsync(
            $"""
             {numbers} INSERT INTO orders (customer_id, order_number, number_key, status, currency, exchange_rate, total, refunded, net, counts,
                 placed_at, revision, received_at)
             SELECT {customer}, 'order-' || n, 'order-' || n, 'pending', 'USD', 10000000000, 1000, 0, 1000, false, '{instant}', 1, '{instant}' FROM numbers
             """);
        await database.ExecuteAsync(
            $"""
             {numbers} INSERT INTO order_lines (customer_id, order_number, line_number, product_id, name, quantity, unit_price, refunded_quantity,
                 amount, product_key, name_key)
             SELECT {customer}, 'order-' || n, 1, 'p-100', 'Red T-shirt, M', 1, 1000, 0, 1000, 'p-100', 'red t-shirt, m' FROM numbers
             """);
    }
}
