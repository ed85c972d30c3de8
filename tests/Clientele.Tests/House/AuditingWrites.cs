using Clientele.Client;
using Clientele.Tests.Privacy;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Every write adds one entry to the chain of its customer or group, and none if nothing changed.</summary>
public sealed class AuditingWrites
{
    private static readonly string[] OfGroups =
        ["POST /api/customers/groups/", "PUT /api/customers/groups/{group}/", "PATCH /api/customers/groups/{group}/", "DELETE /api/customers/groups/{group}/"];

    /// <summary>Writes that change nothing in a new target. Their rows are listed by name, so that none is skipped silently.</summary>
    private static readonly string[] WithoutEffect =
    [
        "POST /api/customers/customers/bulk/",
        "POST /api/customers/customers/bulk/{job}/cancel/",
        "POST /api/auth/factors/passkeys/options/",
        "POST /api/auth/factors/passkeys/",
        "DELETE /api/auth/factors/passkeys/{passkey}/",
        "POST /api/auth/step_up/",
        "POST /api/auth/factors/totp/",
        "POST /api/auth/factors/totp/confirm/",
        "DELETE /api/auth/factors/totp/",
        "POST /api/customers/customers/change_password/",
        "DELETE /api/auth/sessions/",
        "DELETE /api/auth/sessions/{nobodys}/",
        "POST /api/customers/customers/send_phone_code/",
        "POST /api/customers/customers/verify_phone/",
        "PUT /api/customers/customers/{customer}/",
        "POST /api/customers/customers/{customer}/reactivate/",
        "POST /api/customers/customers/{customer}/update_loyalty_tier/",
        "POST /api/messages/{message}/retry/",
        "POST /api/webhooks/{webhook}/test/",
        "POST /api/webhooks/{webhook}/deliveries/{delivery}/redeliver/",
        "POST /api/customers/addresses/{address}/set_default/",
        "POST /api/customers/loyalty/simulate/",
        "POST /api/customers/groups/preview/",
        "POST /api/customers/groups/{group}/add_member/",
        "POST /api/customers/groups/{group}/rebuild/",
    ];

    /// <summary>Copies of data that other systems own and keep the history of.</summary>
    private static readonly string[] Copies =
    [
        "PUT /api/orders/{order}/",
        "POST /api/orders/batch/",
        "PUT /api/customers/customers/{customer}/wishlist/{product}/",
        "DELETE /api/customers/customers/{customer}/wishlist/{product}/",
        "PUT /api/reviews/{review}/",
        "DELETE /api/reviews/{review}/",
    ];

    /// <summary>The list in the description, which clients filter by.</summary>
    private static readonly IReadOnlyList<string> Actions = new OneOfAttribute(typeof(AuditAction)).Values;

    [Fact]
    public void Every_action_that_the_service_writes_is_on_the_list()
    {
        var kinds = string.Join('|', Actions.Select(action => action.Split('.')[0]).Distinct());

        // The service names actions by their constants only, and has no use for a constant that it never writes. Two of its files have such names.
        var text = string.Concat(SourceCode.Files(SourceCode.ServerFolder).Select(Repository.Read));
        Assert.DoesNotMatch($"\"({kinds})\\.(?!js\"|html\")[a-z_]+\"", text);
        Assert.All(typeof(AuditAction).GetFields(), action => Assert.Contains($"AuditAction.{action.Name}", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_write_leaves_one_entry_and_a_write_that_changes_nothing_none()
    {
        await using var own = await ClienteleApp.StartAsync();
        await using var cast = new PermissionCast(own);
        await cast.InitializeAsync();

        var writes = PermissionTable.Rows.Where(row => row.Method != HttpMethod.Get && row.Callers != Callers.Everybody);
        foreach (var row in writes.Where(row => !row.Path.Contains("update_profile", StringComparison.Ordinal)))
        {
            var target = await cast.NewTargetAsync();
            var isGroup = OfGroups.Contains(row.Endpoint);
            var (customers, groups) = await CountAsync();

            var answer = (await row.SendAsync(row.Endpoint == "POST /api/customers/addresses/" ? target.Owner : cast.Admin, target)).Expect(row.Status);

            var (customersNow, groupsNow) = await CountAsync();
            var expected = WithoutEffect.Contains(row.Endpoint) || Copies.Contains(row.Endpoint) ? 0 : 1;
            Assert.True(customersNow - customers == (isGroup ? 0 : expected), $"{row.Endpoint}: {customersNow - customers} entries. {answer.Text}");
            Assert.True(groupsNow - groups == (isGroup ? expected : 0), $"{row.Endpoint}: {groupsNow - groups} entries of groups.");

            // Requests that can be repeated have no effect the second time. Points can be added twice, and keys rotated.
            if (row.Method == HttpMethod.Post && row.Path.Contains('{', StringComparison.Ordinal) && !row.Path.Contains("points", StringComparison.Ordinal)
                && !row.Path.Contains("rotate", StringComparison.Ordinal))
            {
                await row.SendAsync(cast.Admin, target);
                Assert.Equal((customersNow, groupsNow), await CountAsync());
            }
        }

        var actions = await own.Database.QueryAsync("SELECT DISTINCT action FROM audit_entries");
        Assert.All(actions, row => Assert.Contains((string)row[0]!, Actions));
        Assert.True(await AuditChain.VerifyAsync(own.Database) > 100);
        Assert.DoesNotContain(await own.CheckAsync(), finding => finding.Contains("audit", StringComparison.Ordinal));

        async Task<(int Customers, int Groups)> CountAsync() => (
            (await own.Database.QueryAsync("SELECT 1 FROM audit_entries WHERE action <> 'session.stepped_up'")).Count,
            (await own.Database.QueryAsync("SELECT 1 FROM group_audit_entries")).Count);
    }

    [Fact]
    public async Task Writes_at_the_same_time_make_one_chain()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, admin) = (await own.CustomerAsync(), await own.AdminAsync());
        var group = (await admin.Post("/api/customers/groups/", new { name = "Wholesale" })).Expect(201);
        var before = await AuditChain.LengthAsync(own.Database, customer.Id);

        await Task.WhenAll(Enumerable.Range(0, 24).Select(async number => (number % 3) switch
        {
            0 => (await customer.Patch(customer.Url, new { gender = $"g{number}" })).Expect(200),
            1 => (await admin.Patch($"/api/customers/groups/{group["id"]}/", new { description = $"{number}" })).Expect(200),
            _ => (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201),
        }));

        Assert.Equal(before + 16, await AuditChain.LengthAsync(own.Database, customer.Id));
        Assert.Equal(9, await AuditChain.GroupLengthAsync(own.Database, (long)group["id"]));
        await AuditChain.VerifyAsync(own.Database);
    }

    [Fact]
    public async Task A_changed_entry_is_noticed()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        (await customer.Patch(customer.Url, new { gender = "female" })).Expect(200);
        await AuditChain.VerifyAsync(own.Database);

        await TamperedAudit.UnlockAsync(own.Database);
        await own.Database.ExecuteAsync($"UPDATE audit_details SET network = '10.0.0.1' WHERE customer_id = {customer.Id}");

        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => AuditChain.VerifyAsync(own.Database));
    }

    [Fact]
    public async Task Old_addresses_of_mail_and_secrets_are_not_copied_in()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync("left-behind@example.com", new { email = "left-behind@example.com" });
        (await customer.Patch(customer.Url, new { email = "present@example.com", current_password = customer.Password })).Expect(200);
        var proof = (await own.MailedAsync("present@example.com"))[0];
        (await customer.Post("/api/customers/customers/verify_email/", new { token = proof.Token })).Expect(200);
        var passwords = new { old_password = ClienteleApp.Password, new_password = "another-horse-battery", new_password2 = "another-horse-battery" };
        (await customer.Post("/api/customers/customers/change_password/", passwords)).Expect(200);
        var details = await own.Database.QueryAsync($"SELECT changes FROM audit_details WHERE customer_id = {customer.Id}");

        Assert.Equal(5, details.Count);
        Assert.All(details, row => Assert.DoesNotContain("@example", (string)row[0], StringComparison.Ordinal));
        Assert.All(details, row => Assert.DoesNotContain("horse", (string)row[0], StringComparison.Ordinal));
        Assert.Contains(details, row => ((string)row[0]).Contains("\"email\"", StringComparison.Ordinal));
    }
}
