using System.Text.RegularExpressions;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Data;

/// <summary>Each lock statement names one row, so that it goes to the machine that has the row. SQLite has one writer and locks no rows.</summary>
public sealed partial class LockingRows(ClienteleApp app)
{
    [Fact]
    public async Task Several_customers_are_locked_one_by_one_in_the_order_of_their_ids_and_read_in_the_same_round_trip()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite locks nothing.");
        var (admin, group) = (await app.AdminAsync(), await app.GroupAsync());
        var customers = new[] { await app.NewCustomerAsync(), await app.NewCustomerAsync(), await app.NewCustomerAsync() };
        var trace = StatementLog.NewTrace();

        (await admin.Post($"{Url(group)}add_member/", new { customer_ids = customers.Reverse() }, trace)).Expect(200);

        var locking = StatementLog.Of(trace).Where(statement => Lock().IsMatch(statement)).Select(statement => statement.Split(";\n")).ToList();
        Assert.Collection(
            locking,
            key => Assert.Contains("FOR KEY SHARE", key[0], StringComparison.Ordinal),
            all =>
            {
                Assert.Equal(4, all.Length);
                Assert.All(all[..3], one => Assert.Matches(@"^SELECT id FROM customers WHERE id = @\w+ FOR UPDATE$", one));
                Assert.DoesNotContain("FOR UPDATE", all[3], StringComparison.Ordinal);
            },
            counts => Assert.Matches(@"^SELECT g\.group_id, .*\s+FROM group_counts AS g\s+WHERE g\.group_id = @\w+ FOR UPDATE$", counts[0]));
        Assert.Equal(3, (int)(await admin.Get(Url(group))).Expect(200)["members_count"]);
    }

    [Fact]
    public async Task Who_does_not_wait_gets_the_groups_that_nobody_else_has()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite locks nothing.");
        long[] groups = [await app.GroupAsync(), await app.GroupAsync(), await app.GroupAsync()];
        await using var one = await HolderAsync();
        await one.Db.LockAllAsync<GroupCount>([groups[1]], TestContext.Current.CancellationToken);

        await using (var other = await HolderAsync())
        {
            Assert.Empty(await other.Db.TryLockAllAsync<GroupCount>(groups, all: true, TestContext.Current.CancellationToken));
            var locked = await other.Db.TryLockAllAsync<GroupCount>(groups, all: false, TestContext.Current.CancellationToken);
            Assert.Equal([groups[0], groups[2]], locked.Select(count => count.GroupId));
            Assert.Empty(await one.Db.TryLockAllAsync<GroupCount>([groups[2]], all: false, TestContext.Current.CancellationToken));
        }

        var all = await one.Db.TryLockAllAsync<GroupCount>(groups, all: true, TestContext.Current.CancellationToken);
        Assert.Equal(groups, all.Select(count => count.GroupId));
    }

    private async Task<Holder> HolderAsync()
    {
        var holder = new Holder(app.Services.CreateAsyncScope());
        await holder.BeginAsync();
        return holder;
    }

    [GeneratedRegex(@"\bFOR (UPDATE|KEY SHARE)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Lock();

    /// <summary>Holds an open transaction.</summary>
    private sealed class Holder(AsyncServiceScope scope) : IAsyncDisposable
    {
        public ClienteleDb Db => scope.ServiceProvider.GetRequiredService<ClienteleDb>();

        public Task BeginAsync() => scope.ServiceProvider.GetRequiredService<Transaction>().BeginAsync(TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await scope.ServiceProvider.GetRequiredService<Transaction>().DisposeAsync();
            await scope.DisposeAsync();
        }
    }
}
