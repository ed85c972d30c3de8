using Clientele.Server.Data;
using Clientele.Server.Operations;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Demo;

public sealed class FindingDrift
{
    [Fact]
    public async Task Groups_and_their_members_are_read_apart()
    {
        await using var app = await ClienteleApp.StartAsync();

        Assert.Empty(await app.CheckAsync());

        Assert.DoesNotContain(StatementLog.Texts, text => text.Contains("the check reads everything", StringComparison.Ordinal)
            && text.Contains("memberships", StringComparison.Ordinal) && text.Contains("group_counts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_no_longer_adds_up_is_reported_by_customer()
    {
        await using var app = await ClienteleApp.StartAsync();
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync());
        var group = (await admin.Post("/api/customers/groups/", new { name = "Drifting" })).Expect(201);
        var order = new { customer = customer.Id, status = "paid", total = "12.00", placed_at = "2025-10-15T14:30:00Z", revision = 1 };
        (await admin.Put("/api/orders/drift/", order)).Expect(201);
        await using var scope = app.Services.CreateAsyncScope();
        var (db, check) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<Check>());
        Assert.Empty(await check.RunAsync(TestContext.Current.CancellationToken));

        await db.Customers.Where(c => c.Id == customer.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.TotalSpent, 1).SetProperty(c => c.LoyaltyPoints, 5), TestContext.Current.CancellationToken);
        var groupId = (long)group["id"];
        await db.GroupCounts.Where(c => c.GroupId == groupId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Members, 7), TestContext.Current.CancellationToken);

        var findings = await check.RunAsync(TestContext.Current.CancellationToken);

        Assert.Contains(
            findings,
            finding => finding.Contains("statistics", StringComparison.Ordinal) && finding.Contains($"{customer.Id}", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("ledger", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("members_count", StringComparison.Ordinal));
    }
}
