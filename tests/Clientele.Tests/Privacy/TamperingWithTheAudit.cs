using Clientele.Server.Privacy;
using Clientele.Tests.Support;

namespace Clientele.Tests.Privacy;

/// <summary><c>clientele check</c> names the audit row that somebody has tampered with, and none if nobody has.</summary>
public sealed class TamperingWithTheAudit(TamperedAudit audit) : IClassFixture<TamperedAudit>
{
    private const string Columns = "at, actor_id, actor_role, action, resource, details_hash, hash";
    private const string ThirdChanged = "audit entry 3 has been changed, or entry 2 together with its hash";

    /// <summary>The changes to customer @c, who has six entries, and what the check finds; @o is another customer.</summary>
    public static TheoryData<string, string> Changes => new()
    {
        { "UPDATE audit_entries SET action = 'customer.verified' WHERE customer_id = @c AND sequence = 1", "audit entry 1 has been changed" },
        { "UPDATE audit_entries SET action = 'customer.verified' WHERE customer_id = @c AND sequence = 3", ThirdChanged },
        { "UPDATE audit_entries SET actor_id = 1000000 WHERE customer_id = @c AND sequence = 3", ThirdChanged },
        {
            "UPDATE audit_entries SET actor_role = 'admin' WHERE customer_id = @c AND sequence = 6",
            "audit entry 6 has been changed, or entry 5 together with its hash"
        },
        { "UPDATE audit_entries SET resource = 'customer/1000000' WHERE customer_id = @c AND sequence = 3", ThirdChanged },
        {
            "UPDATE audit_entries SET at = (SELECT at FROM audit_entries WHERE customer_id = @o AND sequence = 6) "
                + "WHERE customer_id = @c AND sequence = 3",
            ThirdChanged
        },
        { "UPDATE audit_entries SET hash = details_hash WHERE customer_id = @c AND sequence = 3", ThirdChanged },
        {
            "UPDATE audit_entries SET details_hash = hash WHERE customer_id = @c AND sequence = 3",
            ThirdChanged + "; the details of audit entry 3 have been changed"
        },
        { "UPDATE audit_details SET network = '10.0.0.1' WHERE customer_id = @c AND sequence = 3", "the details of audit entry 3 have been changed" },
        { "UPDATE audit_details SET changes = '{}' WHERE customer_id = @c AND sequence = 6", "the details of audit entry 6 have been changed" },
        { "DELETE FROM audit_details WHERE customer_id = @c AND sequence = 3", "the details of audit entry 3 are missing" },
        {
            "UPDATE audit_details SET sequence = 7 WHERE customer_id = @c AND sequence = 3",
            "the details of audit entry 3 are missing; the details of audit entry 7 belong to no entry"
        },
        { "DELETE FROM audit_entries WHERE customer_id = @c AND sequence = 1", "audit entry 1 is missing; the details of audit entry 1 belong to no entry" },
        {
            "DELETE FROM audit_entries WHERE customer_id = @c AND sequence = 3; DELETE FROM audit_details WHERE customer_id = @c AND sequence = 3",
            "audit entry 3 is missing"
        },
        {
            "DELETE FROM audit_entries WHERE customer_id = @c AND sequence IN (3, 4); "
                + "DELETE FROM audit_details WHERE customer_id = @c AND sequence IN (3, 4)",
            "audit entries 3 to 4 are missing"
        },
        {
            "DELETE FROM audit_entries WHERE customer_id = @c AND sequence = 6; DELETE FROM audit_details WHERE customer_id = @c AND sequence = 6",
            "audit entry 6 is missing"
        },
        {
            "DELETE FROM audit_entries WHERE customer_id = @c AND sequence > 4; DELETE FROM audit_details WHERE customer_id = @c AND sequence > 4",
            "audit entries 5 to 6 are missing"
        },
        { "DELETE FROM audit_entries WHERE customer_id = @c; DELETE FROM audit_details WHERE customer_id = @c", "all 6 audit entries are missing" },
        {
            "UPDATE audit_entries SET sequence = 100 WHERE customer_id = @c AND sequence = 3; "
                + "UPDATE audit_entries SET sequence = 3 WHERE customer_id = @c AND sequence = 4; "
                + "UPDATE audit_entries SET sequence = 4 WHERE customer_id = @c AND sequence = 100",
            "audit entry 3 was entry 4 and has been moved; audit entry 4 was entry 3 and has been moved; "
                + "the details of audit entry 3 have been changed; the details of audit entry 4 have been changed"
        },
        {
            $"INSERT INTO audit_entries (customer_id, sequence, {Columns}) SELECT customer_id, 7, {Columns} "
                + "FROM audit_entries WHERE customer_id = @c AND sequence = 6",
            "audit entry 7 was entry 6 and has been moved; the details of audit entry 7 are missing"
        },
        {
            $"INSERT INTO audit_entries (customer_id, sequence, {Columns}) SELECT customer_id, 0, {Columns} "
                + "FROM audit_entries WHERE customer_id = @c AND sequence = 1",
            "audit entry 0 was not written by the service, which begins with 1; "
                + "the details of audit entry 0 are missing"
        },
        {
            "UPDATE audit_entries SET customer_id = @o, sequence = 7 WHERE customer_id = @c AND sequence = 3; "
                + "UPDATE audit_details SET customer_id = @o, sequence = 7 WHERE customer_id = @c AND sequence = 3",
            "audit entry 3 is missing"
        },
        {
            "UPDATE audit_entries SET customer_id = @c, sequence = 7 WHERE customer_id = @o AND sequence = 3; "
                + "DELETE FROM audit_details WHERE customer_id = @o",
            "audit entry 7 has been changed, or entry 6 together with its hash; "
                + "the details of audit entry 7 are missing"
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_row_is_named(string change, string found)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var (customer, other) = (await audit.CustomerAsync(), await audit.CustomerAsync());
        Assert.Empty(await audit.FaultsAsync($"Customer {customer.Id}"));

        var statement = change.Replace("@c", $"{customer.Id}", StringComparison.Ordinal).Replace("@o", $"{other.Id}", StringComparison.Ordinal);
        await audit.App.Database.ExecuteAsync(statement);

        Assert.Equal(found, string.Join("; ", await audit.FaultsAsync($"Customer {customer.Id}")));
    }

    [Fact]
    public async Task An_entry_that_is_made_up_to_fit_is_one_that_the_service_has_not_counted()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var customer = await audit.CustomerAsync();
        var salt = new byte[16];
        var forged = new AuditEntry
        {
            CustomerId = customer.Id,
            Sequence = TamperedAudit.Entries + 1,
            At = DateTime.UnixEpoch,
            ActorId = customer.Id,
            ActorRole = "customer",
            Action = "customer.updated",
            Resource = $"customer/{customer.Id}",
            DetailsHash = AuditDetails.HashOf(salt, null, "{}"),
        };
        forged.Link(await audit.HashAsync(customer.Id, TamperedAudit.Entries));

        await audit.AddAsync(forged, new AuditDetails { CustomerId = customer.Id, Sequence = forged.Sequence, Salt = salt, Network = null, Changes = "{}" });

        Assert.Equal(["audit entry 7 was not written by the service, which has written 6"], await audit.FaultsAsync($"Customer {customer.Id}"));
    }

    [Fact]
    public async Task An_end_that_was_cut_off_stays_to_be_seen_when_the_chain_goes_on()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var customer = await audit.CustomerAsync();
        await audit.App.Database.ExecuteAsync(
            $"DELETE FROM audit_entries WHERE customer_id = {customer.Id} AND sequence > 4; "
            + $"DELETE FROM audit_details WHERE customer_id = {customer.Id} AND sequence > 4");

        (await customer.Patch(customer.Url, new { gender = "female" })).Expect(200);
        (await customer.Patch(customer.Url, new { gender = "male" })).Expect(200);

        Assert.Equal(["audit entries 5 to 6 are missing"], await audit.FaultsAsync($"Customer {customer.Id}"));
    }

    [Theory]
    [InlineData(
        "DELETE FROM audit_entries WHERE customer_id = @c AND sequence = 7",
        "the audit does not end with customer.erased: what comes after entry 6 is missing, "
            + "or that entry was not written by the service")]
    [InlineData("DELETE FROM audit_entries WHERE customer_id = @c AND sequence = 3", "audit entry 3 is missing")]
    [InlineData("UPDATE audit_entries SET action = 'customer.updated' WHERE customer_id = @c AND sequence = 1", "audit entry 1 has been changed")]
    public async Task Of_somebody_who_was_erased_the_row_is_named_too(string change, string found)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var (customer, admin) = (await audit.CustomerAsync(), await audit.App.AdminAsync());
        (await admin.Delete(customer.Url)).Expect(204);
        Assert.Empty(await audit.FaultsAsync($"Customer {customer.Id}"));

        await audit.App.Database.ExecuteAsync(change.Replace("@c", $"{customer.Id}", StringComparison.Ordinal));

        Assert.Equal([found], await audit.FaultsAsync($"Customer {customer.Id}"));
    }

    [Theory]
    [InlineData(
        "UPDATE group_audit_entries SET action = 'group.created' WHERE group_id = @g AND sequence = 3",
        "audit entry 3 has been changed, or entry 2 together with its hash")]
    [InlineData(
        "UPDATE group_audit_entries SET network = '10.0.0.1' WHERE group_id = @g AND sequence = 3",
        "the network or the changes of audit entry 3 have been changed")]
    [InlineData(
        "UPDATE group_audit_entries SET changes = '{}' WHERE group_id = @g AND sequence = 3",
        "the network or the changes of audit entry 3 have been changed")]
    [InlineData("DELETE FROM group_audit_entries WHERE group_id = @g AND sequence = 3", "audit entry 3 is missing")]
    [InlineData("DELETE FROM group_audit_entries WHERE group_id = @g AND sequence > 4", "audit entries 5 to 6 are missing")]
    [InlineData("DELETE FROM group_audit_entries WHERE group_id = @g", "all 6 audit entries are missing")]
    public async Task Of_a_group_the_row_is_named_too(string change, string found)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var group = await audit.GroupAsync();
        Assert.Empty(await audit.FaultsAsync($"Group {group}"));

        await audit.App.Database.ExecuteAsync(change.Replace("@g", $"{group}", StringComparison.Ordinal));

        Assert.Equal([found], await audit.FaultsAsync($"Group {group}"));
    }

    [Fact]
    public async Task Of_a_group_that_was_deleted_the_end_has_to_be_there()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var (group, admin) = (await audit.GroupAsync(), await audit.App.AdminAsync());
        (await admin.Delete($"/api/customers/groups/{group}/")).Expect(204);
        Assert.Empty(await audit.FaultsAsync($"Group {group}"));

        await audit.App.Database.ExecuteAsync($"DELETE FROM group_audit_entries WHERE group_id = {group} AND sequence = 7");

        Assert.Contains("does not end with group.deleted", Assert.Single(await audit.FaultsAsync($"Group {group}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_row_is_named_however_many_there_are()
    {
        const int entries = 120;
        var customer = await audit.App.CustomerAsync();
        for (var i = 1; i < entries; i++)
        {
            (await customer.Patch(customer.Url, new { gender = $"g{i}" })).Expect(200);
        }

        await audit.App.Database.ExecuteAsync($"UPDATE audit_details SET network = '10.0.0.1' WHERE customer_id = {customer.Id}");

        Assert.Equal(
            Enumerable.Range(1, entries).Select(number => $"the details of audit entry {number} have been changed"),
            await audit.FaultsAsync($"Customer {customer.Id}"));
    }

    [Fact]
    public async Task Where_nobody_has_tampered_nothing_is_found_after_writes_at_once_and_erasures()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var group = (await admin.Post("/api/customers/groups/", new { name = "Wholesale" })).Expect(201);
        var customers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => own.CustomerAsync()));
        (await admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_ids = customers.Select(customer => customer.Id) })).Expect(200);
        await Task.WhenAll(customers.SelectMany(customer => Enumerable.Range(0, 4).Select(async number =>
            (await customer.Patch(customer.Url, new { gender = $"g{number}" })).Expect(200))));
        (await admin.Delete(customers[0].Url)).Expect(204);
        (await admin.Delete(customers[3].Url)).Expect(204);
        (await admin.Delete($"/api/customers/groups/{group["id"]}/")).Expect(204);
        await own.DrainAsync();

        Assert.Empty(await own.CheckAsync());
        var ids = string.Join(", ", customers.Select(customer => customer.Id));
        Assert.Equal(4 * 6, await own.Database.CountAsync($"SELECT COUNT(*) FROM audit_details WHERE customer_id IN ({ids})"));
    }
}
