using System.Data.Common;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Clientele.Tests.Privacy;

/// <summary>A database of the previous release, in which audit entries were not counted.</summary>
public sealed class UpgradingTheAudit
{
    [Fact]
    public async Task Entries_that_were_there_before_are_counted_and_their_details_kept()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using (var access = new Database(database.ConnectionString))
        {
            await using var db = Consistency.Open(access);
            await db.GetService<IMigrator>().MigrateAsync("Create", TestContext.Current.CancellationToken);
            await FillAsync(database);
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, await database.CountAsync("SELECT audit_entries FROM customers WHERE id = 1"));
        Assert.Equal(0, await database.CountAsync("SELECT audit_entries FROM customers WHERE id = 2"));
        Assert.Equal(1, await database.CountAsync("SELECT audit_entries FROM groups WHERE id = 1"));
        Assert.Equal(2, await database.CountAsync("SELECT COUNT(*) FROM audit_details WHERE customer_id = 1"));
        var refused = await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync("UPDATE audit_details SET network = '10.0.0.1'"));
        Assert.Matches("permission denied|write-once", refused.Message);
    }

    private static async Task FillAsync(TestDatabase database)
    {
        var (no, now) = TestDatabase.Kind is DatabaseKind.Postgres ? ("false", "now()") : ("0", "'2026-01-01 00:00:00'");
        var bytes = TestDatabase.Kind is DatabaseKind.Postgres ? @"'\x00'" : "x'00'";
        foreach (var id in new[] { 1, 2 })
        {
            var uuid = TestDatabase.Kind is DatabaseKind.Postgres ? "gen_random_uuid()" : $"'{Guid.NewGuid()}'";
            await database.ExecuteAsync(
                $"""
                 INSERT INTO customers (id, uuid, version, username, email, first_name, last_name, phone_verified, accepts_marketing_email,
                     accepts_marketing_sms, preferred_language, preferred_currency,
                     is_verified, is_vip, is_active, is_staff, date_joined, created_at, updated_at, metadata, total_orders, total_spent,
                     loyalty_points, loyalty_pending, loyalty_debt, loyalty_entries,
                     loyalty_tier, tier_changes, tier_locked, search_text, username_key, email_key, email_domain, first_name_key, last_name_key)
                 VALUES ({id}, {uuid}, 1, 'u{id}', 'u{id}@example.com', 'A', 'B', {no}, {no}, {no}, 'en', 'USD', {no}, {no}, {no}, {no}, {now}, {now},
                     {now}, '', 0, 0, 0, 0, 0, 0, 'bronze', 0, {no}, '', '', '', '', '', '')
                 """);
        }

        await database.ExecuteAsync(
            "INSERT INTO groups (id, version, name, search_text, name_key, description, auto_assign, assignment_rules, discount_percentage, "
            + "priority_support, free_shipping, created_at, updated_at) "
            + $"VALUES (1, 1, 'G', 'g', 'g', '', {no}, '', 0, {no}, {no}, {now}, {now})");
        await database.ExecuteAsync(
            "INSERT INTO group_audit_entries (group_id, sequence, changes, at, actor_role, action, resource, details_hash, hash) "
            + $"VALUES (1, 1, '', {now}, 'admin', 'group.created', 'group/1', {bytes}, {bytes})");
        foreach (var sequence in new[] { 1, 2 })
        {
            await database.ExecuteAsync(
                "INSERT INTO audit_entries (customer_id, sequence, at, actor_role, action, resource, details_hash, hash) "
                + $"VALUES (1, {sequence}, {now}, 'admin', 'customer.updated', 'customer/1', {bytes}, {bytes})");
            await database.ExecuteAsync($"INSERT INTO audit_details (customer_id, sequence, salt, changes) VALUES (1, {sequence}, {bytes}, '')");
        }
    }
}
