using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Support;

/// <summary>What must be true for the tables at any instant, whatever has happened to the process.</summary>
internal static class Consistency
{
    /// <summary>Statements that count half-finished work.</summary>
    private static readonly string[] HalfDone =
    [
        "SELECT COUNT(*) FROM customers c WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.customer_id = c.id)",
        "SELECT COUNT(*) FROM customers c WHERE (SELECT COUNT(*) FROM login_names n WHERE n.customer_id = c.id) NOT IN (1, 2)",
        "SELECT COUNT(*) FROM customers c WHERE (SELECT COUNT(*) FROM customer_uuids u WHERE u.customer_id = c.id) <> 1",
        "SELECT COUNT(*) FROM login_names n WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = n.customer_id)",
        "SELECT ABS((SELECT COUNT(*) FROM customers) - (SELECT SUM(value) FROM counters WHERE name = 'customers'))",
        "SELECT COUNT(*) FROM (SELECT customer_id, address_type FROM addresses "
            + "GROUP BY customer_id, address_type HAVING SUM(CASE WHEN is_default THEN 1 ELSE 0 END) <> 1) AS without_default",
        "SELECT COUNT(*) FROM addresses a "
            + "WHERE NOT EXISTS (SELECT 1 FROM audit_entries e WHERE e.customer_id = a.customer_id AND e.resource = 'address/' || CAST(a.id AS TEXT))",
        "SELECT COUNT(*) FROM customers c WHERE NOT EXISTS (SELECT 1 FROM audit_entries e WHERE e.customer_id = c.id AND e.sequence = 1)",
        "SELECT COUNT(*) FROM audit_entries e WHERE NOT EXISTS (SELECT 1 FROM audit_details d WHERE d.customer_id = e.customer_id AND d.sequence = e.sequence)",
        "SELECT COUNT(*) FROM group_counts g WHERE g.members <> (SELECT COUNT(*) FROM memberships m WHERE m.group_id = g.group_id AND m.is_member)",
        "SELECT COUNT(*) FROM idempotency_keys WHERE status = 0",
    ];

    public static async Task ExpectAsync(TestDatabase database)
    {
        foreach (var statement in HalfDone)
        {
            var found = await database.CountAsync(statement);
            Assert.True(found == 0, $"{found} from {statement}");
        }

        await ExpectWholeChainsAsync(database);
    }

    private static async Task ExpectWholeChainsAsync(TestDatabase database)
    {
        await using var access = new Database(database.ConnectionString);
        await using var db = Open(access);
        var chains = (await db.AuditEntries.OrderBy(entry => entry.Sequence).ToListAsync()).ToLookup(entry => entry.CustomerId);
        foreach (var chain in chains)
        {
            var (hash, sequence) = (Array.Empty<byte>(), 0L);
            foreach (var entry in chain)
            {
                var text = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.CustomerId}\n{++sequence}\n{entry.At:O}\n{entry.ActorId}\n{entry.ActorRole}\n{entry.Action}\n{entry.Resource}\n");
                hash = SHA256.HashData([.. hash, .. Encoding.UTF8.GetBytes(text), .. entry.DetailsHash]);
                Assert.Equal(hash, entry.Hash);
            }
        }
    }

    /// <summary>Opens the tables without the service.</summary>
    public static ClienteleDb Open(Database access)
    {
        if (access.IsPostgres)
        {
            var options = new DbContextOptionsBuilder<PostgresClienteleDb>();
            access.Configure(options);
            return new PostgresClienteleDb(options.Options);
        }
        else
        {
            var options = new DbContextOptionsBuilder<SqliteClienteleDb>();
            access.Configure(options);
            return new SqliteClienteleDb(options.Options);
        }
    }
}
