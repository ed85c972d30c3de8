using System.Data.Common;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>A rule that can no longer be evaluated affects only its own group.</summary>
public sealed class IsolatingErrors
{
    [Fact]
    public async Task A_rule_of_a_tier_that_is_no_more_marks_its_group_and_disturbs_no_other()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.NewCustomerAsync();
        var gold = await own.SegmentAsync(new { field = "loyalty_tier", op = "eq", value = "gold" });
        var spare = await own.SegmentAsync(new { field = "loyalty_tier", op = "eq", value = "platinum" });
        var vips = await own.SegmentAsync(Vip);
        await own.ExpectAsync(vips);

        await using (var other = await ClienteleApp.StartAsync(new() { Database = own.Database, Clock = own.Clock, Settings = Tiers }))
        {
            await other.DrainAsync();
            await other.PatchAsync(customer, new { is_vip = true });
            await other.DrainAsync();

            Assert.Equal([customer], await other.MembersAsync(vips));
            var failed = (await (await other.FreshAdminAsync()).Get(Url(gold))).Expect(200);
            Assert.Equal("error", (string)failed["state"]!);
            Assert.Contains("silver", (string)failed["error"]!, StringComparison.Ordinal);
            (await (await other.FreshAdminAsync()).Patch(Url(gold), new { name = "No gold any more" })).Expect(200);
            (await (await other.FreshAdminAsync()).Patch(Url(spare), new { auto_assign = false })).Expect(200);
        }

        // A node that knows the tier evaluates the group again.
        await using var again = await own.SecondNodeAsync();
        await again.DrainAsync();
        Assert.Equal("ready", (string)(await (await own.FreshAdminAsync()).Get(Url(gold))).Expect(200)["state"]!);
    }

    [Fact]
    public async Task A_decision_is_taken_back_though_the_database_fails_to_evaluate_the_rule()
    {
        var breaking = new Breaking();
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Services = services => services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(breaking))
                .ConfigureDbContext<PostgresClienteleDb>(options => options.AddInterceptors(breaking)),
        });
        var (added, removed) = (await own.NewCustomerAsync(), await own.NewCustomerAsync());
        var vips = await own.SegmentAsync(Vip);
        await own.PatchAsync(removed, new { is_vip = true });
        await own.DecideAsync("add", vips, added);
        await own.DecideAsync("remove", vips, removed);
        await own.DrainAsync();

        breaking.Breaks = true;
        Assert.True(await own.DecideAsync("reset", vips, added));
        Assert.True(await own.DecideAsync("reset", vips, removed));
        await Wait.UntilAsync(
            async () => (string)(await (await own.FreshAdminAsync()).Get(Url(vips))).Expect(200)["state"]! == "error",
            TimeSpan.FromSeconds(10),
            "marks the group");

        // Once the database can evaluate the rule, a rebuild repairs the group.
        breaking.Breaks = false;
        (await (await own.FreshAdminAsync()).Post($"{Url(vips)}rebuild/")).Expect(202);
        await own.ExpectAsync(vips, removed);
    }

    /// <summary>Makes the database fail on the statements that evaluate a few customers.</summary>
    private sealed class Breaking : DbCommandInterceptor
    {
        public bool Breaks { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (Breaks
                && command.CommandText.Contains("customers whose data has changed", StringComparison.Ordinal)
                && command.CommandText.Contains("is_vip", StringComparison.Ordinal))
            {
                command.CommandText = "SELECT nothing";
            }

            return ValueTask.FromResult(result);
        }
    }

    private static Dictionary<string, string?> Tiers => new()
    {
        ["Loyalty:Tiers:0:Name"] = "bronze",
        ["Loyalty:Tiers:0:From"] = "0",
        ["Loyalty:Tiers:1:Name"] = "silver",
        ["Loyalty:Tiers:1:From"] = "1000",
    };
}
