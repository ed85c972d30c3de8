using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

/// <summary>A node is ready only if it can write: load balancers rely on that.</summary>
public sealed class StayingReady
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_full_disk_is_not_ready_and_an_emptied_one_is()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var own = await disk.StartAsync();
        var customer = await own.CustomerAsync();
        (await own.Stranger.Get("/health/ready")).Expect(200);

        await disk.FillAsync();
        await Wait.UntilAsync(async () => (int)(await WriteAsync(customer)).Status == 503, Patience, "writes fail");

        await Wait.UntilAsync(async () => (int)(await own.Stranger.Get("/health/ready")).Status == 503, Patience, "not ready");
        Assert.Equal(503, (int)(await own.Stranger.Get("/health/ready")).Status);
        (await own.Stranger.Get("/health/live")).Expect(200);
        (await customer.Get("/api/customers/customers/me/")).Expect(200);

        disk.Empty();
        await Wait.UntilAsync(async () => (int)(await own.Stranger.Get("/health/ready")).Status == 200, Patience, "ready again");
        (await WriteAsync(customer)).Expect(201);
    }

    [Fact]
    public async Task A_file_that_may_not_grow_is_not_ready()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Sqlite, "This is a pragma.");
        var limit = new Limit();
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Services = services => services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(limit)),
        });
        var customer = await own.CustomerAsync();

        limit.Pages = 1;
        await Wait.UntilAsync(async () => (int)(await WriteAsync(customer)).Status == 503, Patience, "writes fail");
        (await own.Stranger.Get("/health/ready")).ExpectProblem(503);

        limit.Pages = 1_000_000;
        (await own.Stranger.Get("/health/ready")).Expect(200);
    }

    [Fact]
    public async Task However_often_they_ask_probes_write_once_in_a_while_and_leave_nothing()
    {
        await using var own = await ClienteleApp.StartAsync();
        var trace = StatementLog.NewTrace();

        await Crowd.AtOnceAsync(20, _ => own.Stranger.Get("/health/ready", trace));

        Assert.Single(StatementLog.Of(trace), statement => statement.Contains("INSERT INTO heartbeats", StringComparison.Ordinal));
        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM heartbeats"));

        own.Clock.Advance(TimeSpan.FromSeconds(10));
        (await own.Stranger.Get("/health/ready", trace)).Expect(200);
        Assert.Equal(2, StatementLog.Of(trace).Count(statement => statement.Contains("INSERT INTO heartbeats", StringComparison.Ordinal)));
    }

    private static Task<Answer> WriteAsync(Actor customer) => customer.Put($"{customer.Url}wishlist/{Guid.NewGuid():N}/", new { name = new string('x', 200) });

    private sealed class Limit : DbConnectionInterceptor
    {
        public int Pages { get; set; }

        public override async Task ConnectionOpenedAsync(
            System.Data.Common.DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (Pages > 0)
            {
                await connection.ScalarAsync($"PRAGMA max_page_count = {Pages}");
            }
        }
    }
}
