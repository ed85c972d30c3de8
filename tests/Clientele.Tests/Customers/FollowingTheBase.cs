using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Customers;

/// <summary>Another system keeps a copy of the base by asking for what has changed since it last asked.</summary>
public sealed class FollowingTheBase
{
    private const int Many = 20_000;

    [Theory]
    [InlineData(Lists.Customers)]
    [InlineData(Lists.Addresses)]
    [InlineData(Lists.Groups)]
    public async Task A_copy_that_asks_for_what_has_changed_stays_current(string list)
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var random = new Random(4711);
        var (copy, since, ids) = (new SortedDictionary<long, string>(), "2000-01-01", new List<long>());
        for (var round = 0; round < 6; round++)
        {
            for (var change = 0; change < 8; change++)
            {
                ids.Add(await CreateAsync(own, admin, list));
                await ChangeAsync(admin, list, ids[random.Next(ids.Count)]);
                own.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(3)));
            }

            var pages = await admin.PagesAsync($"{list}?ordering=updated_at&updated_after={since}&cursor=&page_size=7");
            foreach (var row in pages.SelectMany(page => page.Results()))
            {
                copy[(long)row["id"]!] = row.ToJsonString();
                since = (string)row["updated_at"]!;
            }

            var now = (await admin.PagesAsync($"{list}?page_size=100")).SelectMany(page => page.Results()).ToDictionary(row => (long)row["id"]!);
            Assert.Equal(now.OrderBy(row => row.Key).Select(row => row.Value.ToJsonString()), copy.Values);
            Assert.Empty((await admin.Get($"{list}?updated_after=2100-01-01")).Expect(200).Ids());
            Assert.Equal(
                now.Values.Where(row => string.CompareOrdinal(Comparable(row), Comparable(since)) <= 0).Select(row => (long)row["id"]!).Order(),
                (await admin.AllIdsAsync(list, ("updated_before", since))).Order());
        }
    }

    [Fact]
    public async Task A_uuid_finds_the_customer_whose_id_would()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, customer, other) = (await own.AdminAsync(), await own.CustomerAsync(), await own.CustomerAsync());
        var byId = (await customer.Get(customer.Url)).Expect(200);
        var uuid = (string)byId["uuid"]!;

        foreach (var form in new[] { uuid, uuid.ToUpperInvariant(), uuid.Replace("-", "", StringComparison.Ordinal) })
        {
            var found = (await customer.Get($"{Lists.Customers}{form}/")).Expect(200);
            Assert.Equal((byId.Text, byId.ETag), (found.Text, found.ETag));
            Assert.Equal((await admin.Get(customer.Url)).Text, (await admin.Get($"{Lists.Customers}{form}")).Expect(200).Text);
        }

        (await customer.Get($"{Lists.Customers}{uuid}/", ("If-None-Match", byId.ETag))).Expect(304);
        (await other.Get($"{Lists.Customers}{uuid}/")).ExpectProblem(404);
        (await admin.Get($"{Lists.Customers}{Guid.NewGuid()}/")).ExpectProblem(404);
        (await admin.Delete(customer.Url)).Expect(204);
        (await admin.Get($"{Lists.Customers}{uuid}/")).ExpectProblem(404);
    }

    [Fact]
    public async Task A_page_of_the_base_reads_an_index_however_many_customers_there_are()
    {
        var plans = new Plans();
        await using var own = await ClienteleApp.StartAsync(new() { Services = plans.Join });
        var admin = await own.AdminAsync();
        await FillAsync(own);
        string[] queries =
        [
            "ordering=updated_at&updated_after=2025-06-01&cursor=", "ordering=-updated_at&updated_before=2025-06-01&cursor=",
            "ordering=name&cursor=", "ordering=-email&cursor=", "ordering=updated_at&updated_after=2025-06-01",
            "email=user17777@example.com", "username=USER17777", "phone=%2B49300017777", $"uuid={Uuid(17_777)}",
        ];
        foreach (var query in queries)
        {
            plans.Clear();
            var first = (await admin.Get($"{Lists.Customers}?{query}&page_size=20")).Expect(200);
            if (query.EndsWith("cursor=", StringComparison.Ordinal))
            {
                Assert.Empty((await admin.Get(first.Next()!)).Expect(200).Ids().Intersect(first.Ids()));
            }

            Assert.NotEmpty(first.Ids());
            Assert.NotEmpty(plans.All);
            var isOrdered = query.StartsWith("ordering", StringComparison.Ordinal);
            Assert.All(plans.All, plan => Assert.True(ReadsAnIndex(plan, isOrdered), $"{query}:\n{plan}"));
        }
    }

    /// <summary>Whether the plan reads an index. A plan for an ordered list must not sort either.</summary>
    private static bool ReadsAnIndex(string plan, bool isOrdered) => TestDatabase.Kind is DatabaseKind.Postgres
        ? plan.Contains("Index", StringComparison.Ordinal) && !plan.Contains("Seq Scan", StringComparison.Ordinal)
            && !(isOrdered && plan.Contains("Sort", StringComparison.Ordinal))
        : plan.Contains(isOrdered ? "USING INDEX" : "SEARCH", StringComparison.Ordinal) && !(isOrdered && plan.Contains("B-TREE", StringComparison.Ordinal));

    private static string Uuid(int number) => $"0199a1b2-0000-7000-8000-{number:D12}";

    private static string Comparable(JsonNode row) => Comparable((string)row["updated_at"]!);

    private static string Comparable(string instant) =>
        DateTime.Parse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal).ToString("O", CultureInfo.InvariantCulture);

    private static async Task<long> CreateAsync(ClienteleApp own, Actor admin, string list) => list switch
    {
        Lists.Customers => await own.RegisterAsync($"somebody-{Guid.NewGuid():n}"),
        Lists.Addresses => (long)(await admin.Post(list, Given.Address())).Expect(201)["id"],
        _ => (long)(await admin.Post(list, new { name = $"Group {Guid.NewGuid():n}" })).Expect(201)["id"],
    };

    private static async Task ChangeAsync(Actor admin, string list, long id)
    {
        var text = $"{Guid.NewGuid():n}";
        object patch = list switch
        {
            Lists.Customers => new { first_name = text },
            Lists.Addresses => new { company = text },
            _ => new { description = text },
        };
        (await admin.Patch($"{list}{id}/", patch)).Expect(200);
    }

    /// <summary>Copies the admin's row many times, with other values in the columns that lists are ordered and filtered by.</summary>
    private static async Task FillAsync(ClienteleApp own)
    {
        var first = await Population.TakeIdsAsync(own, Many);
        const string Mixed = "(n * 7919 % 100000)";
        var isPostgres = TestDatabase.Kind is DatabaseKind.Postgres;
        var values = new Dictionary<string, string>
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"{first} + n"),
            ["email_key"] = "'user' || n || '@example.com'",
            ["username_key"] = "'user' || n",
            ["first_name_key"] = $"'first ' || {Mixed}",
            ["last_name_key"] = "'last ' || (n % 997)",
            ["phone"] = "'+49300' || substr('000000' || n, -6)",
            ["uuid"] = "'0199A1B2-0000-7000-8000-' || substr('000000000000' || n, -12)",
            ["updated_at"] = $"strftime('%Y-%m-%d %H:%M:%S', '2025-01-01', '+' || ({Mixed} * 5) || ' minutes')",
        };
        if (isPostgres)
        {
            values["phone"] = "'+49300' || lpad(n::text, 6, '0')";
            values["uuid"] = "('0199a1b2-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid";
            values["updated_at"] = $"timestamptz '2025-01-01Z' + {Mixed} * interval '5 minutes'";
        }

        await own.WithDatabaseAsync(async db =>
        {
            var columns = db.Model.FindEntityType(typeof(Customer))!.GetProperties().Select(property => property.GetColumnName()).ToList();
            var series = isPostgres ? "SELECT generate_series(0, 19999)" : "SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 19999";
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.AllowAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
#pragma warning disable EF1002 // The names of our own columns.
            await db.Database.ExecuteSqlRawAsync(
                $"""
                 -- scatter: a test needs many customers
                 WITH RECURSIVE numbers (n) AS ({series})
                 INSERT INTO customers ({string.Join(", ", columns)})
                 SELECT {string.Join(", ", columns.Select(column => values.GetValueOrDefault(column, $"c.{column}")))} FROM customers AS c CROSS JOIN numbers
                 """);
#pragma warning restore EF1002
            var analyzed = await db.Database.ExecuteSqlRawAsync("ANALYZE");
            await transaction.CommitAsync();
            return analyzed;
        });
    }

    /// <summary>The plans of the statements that read a page of customers.</summary>
    private sealed class Plans : DbCommandInterceptor
    {
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All => _all;

        public void Clear() => _all.Clear();

        public void Join(IServiceCollection services)
        {
            services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(this));
            services.ConfigureDbContext<PostgresClienteleDb>(options => options.AddInterceptors(this));
        }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
#pragma warning disable CA2100 // The service's own statement.
            var sql = command.CommandText;
            if (sql.Contains("the admin's list", StringComparison.Ordinal) && sql.Contains("ORDER BY", StringComparison.Ordinal))
            {
                command.CommandText = (TestDatabase.Kind is DatabaseKind.Postgres ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + sql;
                var lines = new List<string>();
                await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
                {
                    while (await reader.ReadAsync(cancellationToken))
                    {
                        lines.Add($"{reader.GetValue(reader.FieldCount - 1)}\n");
                    }
                }

                command.CommandText = sql;
#pragma warning restore CA2100
                _all.Add(string.Concat(lines) + sql);
            }

            return result;
        }
    }
}
