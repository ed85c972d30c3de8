using Clientele.Server.Accounts;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Demo;
using Clientele.Server.Events;
using Clientele.Server.Operations;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Clientele.Tests.Support;

/// <summary>Changes that tests make directly in the database, because no request can make them (yet).</summary>
internal static class DirectAccess
{
    /// <summary>Waits for its turn, as the service does: SQLite has one writer.</summary>
    public static async Task<T> WithDatabaseAsync<T>(this ClienteleApp app, Func<ClienteleDb, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var turn = scope.ServiceProvider.GetRequiredService<Database>().Writer;
        await turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return await work(scope.ServiceProvider.GetRequiredService<ClienteleDb>());
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Changes a customer's row directly, including its version.</summary>
    public static Task<int> ChangeRowAsync(this ClienteleApp app, long id, Action<Customer> change) => app.WithDatabaseAsync(async db =>
    {
        change(await db.Customers.AsTracking().SingleAsync(c => c.Id == id));
        return await db.SaveChangesAsync();
    });

    /// <summary>Gives an account the hash that it had in another system.</summary>
    public static Task<int> ImportHashAsync(this ClienteleApp app, long id, string hash) => app.WithDatabaseAsync(db =>
        db.Accounts.Where(a => a.CustomerId == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash)));

    public static Task<string> HashAsync(this ClienteleApp app, long id) => app.WithDatabaseAsync(db =>
        db.Accounts.Where(a => a.CustomerId == id).Select(a => a.PasswordHash).SingleAsync());

    /// <summary>Runs the service's maintenance and sweeps now, which normally run every minute.</summary>
    public static async Task MaintainAsync(this ClienteleApp app)
    {
        var services = app.Services.GetServices<IHostedService>().ToList();
        Assert.True(
            await services.OfType<Maintenance>().Single().RunOnceAsync(TestContext.Current.CancellationToken)
                && await services.OfType<Sweeps>().Single().RunOnceAsync(TestContext.Current.CancellationToken),
            string.Join('\n', app.Log.Lines.TakeLast(5)));
    }

    /// <summary>Gives all events their places in the feed.</summary>
    public static Task PlaceEventsAsync(this ClienteleApp app) =>
        app.Services.GetRequiredService<EventPositions>().DrainAsync(TestContext.Current.CancellationToken);

    /// <summary>Evaluates all queued changes, builds all segments and runs the clock sweep, until nothing is left to do.</summary>
    public static Task DrainAsync(this ClienteleApp app) =>
        app.Services.GetRequiredService<SegmentWorker>()
            .DrainAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    /// <summary>What <c>clientele check</c> would find.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(this ClienteleApp app)
    {
        // If the test has just moved the clock, events of a moment ago seem to have waited for long.
        await app.PlaceEventsAsync();
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Check>().RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The shop of <c>clientele seed-demo</c>, in a database without customers.</summary>
    public static async Task SeedDemoAsync(this ClienteleApp app, int customers)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var seed = scope.ServiceProvider.GetRequiredService<DemoSeed>();
        Assert.Null(await seed.RunAsync(customers, ClienteleApp.Password, ClienteleApp.Password, _ => { }, TestContext.Current.CancellationToken));
    }

    public static ServerKeys Keys(this ClienteleApp app) => app.Services.GetRequiredService<ServerKeys>();
}
