using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Clientele.Client;
using Npgsql;

namespace Clientele.Bench.Floor;

/// <summary>The reads of the floor.</summary>
internal sealed class FloorReads(NpgsqlDataSource source, NpgsqlDataSource unprepared)
{
    private const int PageSize = 20;
    private const int CountedExactly = 1000;

    public async Task<CustomerResponse> CustomerAsync(long id, bool admin)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.Command(Sql.Customer, id);
        CustomerResponse customer;
        await using (var row = await command.ExecuteReaderAsync())
        {
            await row.ReadAsync();
            customer = Rows.Customer(row, admin);
        }

        customer = customer with
        {
            Addresses = await ReadAsync(connection, Sql.Addresses, id, Rows.Address),
            CustomerGroups = await ReadAsync(connection, Sql.Groups, id, Rows.Group),
        };
        return admin ? customer with { Tags = await ReadAsync(connection, Sql.Tags, id, row => row.GetString(0)) } : customer;
    }

    public async Task<StatsResponse> StatsAsync(long id)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.Command(Sql.Stats, id);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        var (orders, spent) = (row.GetInt32(0), row.GetInt64(1));
        return new StatsResponse
        {
            TotalOrders = orders,
            TotalSpent = spent / 100m,
            AverageOrderValue = Rows.Average(spent, orders),
            LastOrderDate = row.Instant(2),
            LoyaltyPoints = row.GetInt64(3),
            LoyaltyTier = row.GetString(4),
        };
    }

    public async Task<Page<CustomerSummary>> ListAsync(HttpRequest request)
    {
        var query = request.Query;
        var (conditions, values) = Narrow(query);
        var where = conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions);
        var page = int.TryParse(query["page"], CultureInfo.InvariantCulture, out var number) ? number : 1;
        var isFiltered = query.Any(parameter => parameter.Key is not ("page" or "page_size" or "cursor"));
        await using var connection = await (isFiltered ? unprepared : source).OpenConnectionAsync();
        var rows = new List<CustomerSummary>();
        var cut = $"ORDER BY c.date_joined DESC, c.id DESC LIMIT ${values.Count + 1} OFFSET ${values.Count + 2}";
        var sql = page == 1
            ? $"{Sql.Summaries} {where} {cut}"
            : $"{Sql.Summaries} INNER JOIN (SELECT c.id FROM customers AS c {where} {cut}) AS c1 ON c.id = c1.id ORDER BY c.date_joined DESC, c.id DESC";
        await using (var command = connection.Command(sql, [.. values, PageSize + 1, (page - 1) * PageSize]))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                rows.Add(Rows.Summary(reader));
            }
        }

        var more = rows.Count > PageSize;
        var (count, estimated) = query.ContainsKey("cursor") ? (null, false) : await CountAsync(connection, where, values, more, rows.Count);
        return new Page<CustomerSummary>
        {
            Count = count,
            CountIsEstimate = estimated ? true : null,
            Next = more ? $"{request.Scheme}://{request.Host}{request.Path}?page={page + 1}" : null,
            Previous = page > 1 ? $"{request.Scheme}://{request.Host}{request.Path}?page={page - 1}" : null,
            Results = more ? rows[..PageSize] : rows,
        };
    }

    private static (List<string> Conditions, List<object?> Values) Narrow(IQueryCollection query)
    {
        var conditions = new List<string>();
        var values = new List<object?>();
        foreach (var (name, value) in query)
        {
            var text = value.ToString();
            switch (name)
            {
                case "loyalty_tier":
                    Add("c.loyalty_tier = {0}", text);
                    break;
                case "min_spent":
                    Add("c.total_spent >= {0}", long.Parse(text, CultureInfo.InvariantCulture) * 100);
                    break;
                case "min_orders":
                    Add("c.total_orders >= {0}", int.Parse(text, CultureInfo.InvariantCulture));
                    break;
                case "is_vip" or "is_active" or "accepts_marketing_email":
                    Add($"c.{name} = {{0}}", bool.Parse(text));
                    break;
                case "search":
                    foreach (var term in text.Split(' '))
                    {
                        Add("c.search_text LIKE {0}", $"%{term}%");
                    }

                    break;
                case "cursor":
                    var keys = JsonElement.Parse(Base64Url.DecodeFromChars(text));
                    values.Add(DateTime.Parse(keys[2].GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind));
                    values.Add(long.Parse(keys[3].GetString()!, CultureInfo.InvariantCulture));
                    conditions.Add("c.date_joined <= $1 AND (c.date_joined < $1 OR (c.date_joined = $1 AND c.id < $2))");
                    break;
                default:
                    break;
            }
        }

        return (conditions, values);

        void Add(string condition, object value)
        {
            values.Add(value);
            conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, $"${values.Count}"));
        }
    }

    private static async Task<(long? Count, bool Estimated)> CountAsync(NpgsqlConnection connection, string where, List<object?> values, bool more, int found)
    {
        if (!more)
        {
            return (found, false);
        }

        if (values.Count == 0)
        {
            return ((long)(await connection.ScalarAsync(Sql.CustomersCount))!, false);
        }

        var explain = $"EXPLAIN (FORMAT JSON) SELECT 1 FROM customers AS c {where}";
        using var plan = JsonDocument.Parse((string)(await connection.ScalarAsync(explain, [.. values]))!);
        var expected = (long)plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
        if (expected > CountedExactly)
        {
            return (expected, true);
        }

        var counted = (int)(await connection.ScalarAsync(
            $"SELECT count(*)::int FROM (SELECT 1 FROM customers AS c {where} LIMIT ${values.Count + 1}) AS c0", [.. values, CountedExactly + 1]))!;
        return (Math.Max(counted, counted <= CountedExactly ? 0 : expected), counted > CountedExactly);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, long id, Func<NpgsqlDataReader, T> read)
    {
        await using var command = connection.Command(sql, id);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
