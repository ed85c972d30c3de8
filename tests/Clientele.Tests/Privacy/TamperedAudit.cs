using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Privacy;

/// <summary>A service whose audit can be changed by the owner of the tables, who is not bound by the restrictions of the service.</summary>
public sealed class TamperedAudit : IAsyncLifetime
{
    public const int Entries = 6;

    public ClienteleApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Unavailable is null)
        {
            App = await ClienteleApp.StartAsync();
            await UnlockAsync(App.Database);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }

    /// <summary>Removes the protection that makes the audit append-only, as its owner can.</summary>
    public static async Task UnlockAsync(TestDatabase database)
    {
        foreach (var table in new[] { "audit_entries", "audit_details", "group_audit_entries" })
        {
            await database.ExecuteAsync(TestDatabase.Kind is DatabaseKind.Postgres
                ? $"GRANT ALL ON {table} TO CURRENT_USER"
                : $"DROP TRIGGER {table}_no_update; DROP TRIGGER {table}_no_delete");
        }
    }

    /// <summary>A customer with <see cref="Entries"/> entries.</summary>
    public async Task<Actor> CustomerAsync()
    {
        var customer = await App.CustomerAsync();
        for (var i = 1; i < Entries; i++)
        {
            (await customer.Patch(customer.Url, new { gender = $"g{i}" })).Expect(200);
        }

        return customer;
    }

    /// <summary>A group with <see cref="Entries"/> entries.</summary>
    public async Task<long> GroupAsync()
    {
        var admin = await App.AdminAsync();
        var group = (long)(await admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" })).Expect(201)["id"];
        for (var i = 1; i < Entries; i++)
        {
            (await admin.Patch($"/api/customers/groups/{group}/", new { description = $"d{i}" })).Expect(200);
        }

        return group;
    }

    /// <summary>What the check reports about a customer or group.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(string of) =>
        [.. (await App.CheckAsync())
            .Where(finding => finding.StartsWith($"{of}: ", StringComparison.Ordinal))
            .Select(finding => finding[(of.Length + 2)..].TrimEnd('.'))];

    /// <summary>Writes rows directly to the database.</summary>
    internal Task<int> AddAsync(params object[] rows) => App.WithDatabaseAsync(db =>
    {
        db.AddRange(rows);
        return db.SaveChangesAsync();
    });

    internal Task<byte[]> HashAsync(long customer, long sequence) => App.WithDatabaseAsync(db =>
        db.AuditEntries.Where(e => e.CustomerId == customer && e.Sequence == sequence).Select(e => e.Hash).SingleAsync());
}
