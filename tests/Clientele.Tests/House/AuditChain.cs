using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The stored audit, and its hashes, which anybody can recompute from the tables.</summary>
internal static class AuditChain
{
    public static async Task<int> LengthAsync(TestDatabase database, long customer) =>
        (await database.QueryAsync($"SELECT sequence FROM audit_entries WHERE customer_id = {customer}")).Count;

    public static async Task<int> GroupLengthAsync(TestDatabase database, long group) =>
        (await database.QueryAsync($"SELECT sequence FROM group_audit_entries WHERE group_id = {group}")).Count;

    /// <summary>Verifies every chain in the database; returns the number of entries.</summary>
    public static async Task<int> VerifyAsync(TestDatabase database)
    {
        var entries = await database.QueryAsync(
            """
            SELECT e.customer_id, e.sequence, e.at, e.actor_id, e.actor_role, e.action, e.resource, e.details_hash, e.hash, d.salt, d.network, d.changes,
                d.actor_name
            FROM audit_entries e LEFT JOIN audit_details d ON d.customer_id = e.customer_id AND d.sequence = e.sequence
            ORDER BY e.customer_id, e.sequence
            """);
        var groups = await database.QueryAsync(
            """
            SELECT group_id, sequence, at, actor_id, actor_role, action, resource, details_hash, hash, NULL, network, changes, actor_name
            FROM group_audit_entries ORDER BY group_id, sequence
            """);
        foreach (var chain in entries.GroupBy(row => row[0]).Concat(groups.GroupBy(row => row[0])))
        {
            var (previous, sequence) = (Array.Empty<byte>(), 0L);
            foreach (var row in chain)
            {
                Assert.Equal(++sequence, row[1]);
                var details = (byte[])row[7];
                if (row[11] is string changes)
                {
                    var name = row[12] is string actor ? $"\n{actor}" : "";
                    Assert.Equal(details, SHA256.HashData([.. row[9] as byte[] ?? [], .. Encoding.UTF8.GetBytes($"{row[10]}\n{changes}{name}")]));
                }

                var text = string.Create(CultureInfo.InvariantCulture, $"{row[0]}\n{row[1]}\n{Instant(row[2]):O}\n{row[3]}\n{row[4]}\n{row[5]}\n{row[6]}\n");
                previous = SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(text), .. details]);
                Assert.Equal(previous, (byte[])row[8]);
            }
        }

        return entries.Count + groups.Count;
    }

    private static DateTime Instant(object value) => value switch
    {
        DateTime instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc),
        _ => DateTime.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
    };
}
