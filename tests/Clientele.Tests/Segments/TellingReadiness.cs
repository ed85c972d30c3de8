using System.Data.Common;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>A group is shown as ready only when everybody can see its members, whichever machine they are on.</summary>
public sealed class TellingReadiness
{
    private const string Written = "SELECT customer_id, entered_seq FROM memberships ORDER BY customer_id";

    [Fact]
    public async Task Members_are_committed_before_their_group_says_that_it_is_ready()
    {
        var watch = new Watch();
        await using var app = await StartAsync(watch);
        await app.SegmentAsync(Vip);

        var (members, state) = Assert.Single(watch.Seen);
        Assert.Single(members);
        Assert.Equal(0, state);
    }

    [Fact]
    public async Task After_a_node_has_failed_in_between_the_group_is_still_building_and_the_next_node_writes_nothing_new()
    {
        var watch = new Watch { Failures = 1 };
        await using var app = await StartAsync(watch);
        await Record.ExceptionAsync(() => app.SegmentAsync(Vip));

        await app.DrainAsync();

        Assert.Equal(2, watch.Seen.Count);
        Assert.All(watch.Seen, seen => Assert.Equal(0, seen.State));
        Assert.Single(watch.Seen[0].Members);
        Assert.Equal(watch.Seen[0].Members, await app.Database.QueryAsync(Written));
        Assert.Equal(1, await app.Database.CountAsync("SELECT state FROM segments"));
        Assert.Equal(1, await app.Database.CountAsync("SELECT last_seq FROM group_counts"));
        Assert.Empty(await app.CheckAsync());
    }

    /// <summary>An app with one customer who matches the rule.</summary>
    private static async Task<ClienteleApp> StartAsync(Watch watch)
    {
        var app = await ClienteleApp.StartAsync(new()
        {
            Services = services =>
            {
                services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(watch));
                services.ConfigureDbContext<PostgresClienteleDb>(options => options.AddInterceptors(watch));
            },
        });
        watch.Database = app.Database;
        await app.PatchAsync(await app.NewCustomerAsync(), new { is_vip = true });
        return app;
    }

    /// <summary>Reads, on a separate connection, what others see when a group is about to be ready.</summary>
    private sealed class Watch : DbCommandInterceptor
    {
        public List<(IReadOnlyList<object[]> Members, long State)> Seen { get; } = [];

        public int Failures { get; set; }

        public TestDatabase? Database { get; set; }

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("UPDATE", StringComparison.Ordinal) && command.CommandText.Contains("swept_at", StringComparison.Ordinal)
                && command.CommandText.Contains("evaluated_at", StringComparison.Ordinal))
            {
                Seen.Add((await Database!.QueryAsync(Written), await Database!.CountAsync("SELECT state FROM segments")));
                if (Failures-- > 0)
                {
                    throw new TimeoutException("The node is gone.");
                }
            }

            return result;
        }
    }
}
