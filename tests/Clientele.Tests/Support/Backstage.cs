using Clientele.Server.Accounts;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Demo;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Clientele.Tests.Support;

/// <summary>What tests arrange behind the service's back, because no request can (yet).</summary>
internal static class Backstage
{
    /// <summary>In its turn, as the service itself writes: SQLite has one writer.</summary>
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

    /// <summary>Changes a customer's row as it stands, version and all.</summary>
    public static Task<int> ChangeRowAsync(this ClienteleApp app, long id, Action<Customer> change) => app.WithDatabaseAsync(async db =>
    {
        change(await db.Customers.AsTracking().SingleAsync(c => c.Id == id));
        return await db.SaveChangesAsync();
    });

    /// <summary>Gives an account the hash that it had elsewhere.</summary>
    public static Task<int> ImportHashAsync(this ClienteleApp app, long id, string hash) => app.WithDatabaseAsync(db =>
        db.Accounts.Where(a => a.CustomerId == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash)));

    public static Task<string> HashAsync(this ClienteleApp app, long id) => app.WithDatabaseAsync(db =>
        db.Accounts.Where(a => a.CustomerId == id).Select(a => a.PasswordHash).SingleAsync());

    /// <summary>The minute's work of the service, now.</summary>
    public static Task MaintainAsync(this ClienteleApp app) =>
        app.Services.GetServices<IHostedService>().OfType<Maintenance>().Single().RunOnceAsync(TestContext.Current.CancellationToken);

    /// <summary>Evaluates all that is queued, builds what is to be built, and follows the clock, until nothing is left to do.</summary>
    public static Task DrainAsync(this ClienteleApp app) =>
        app.Services.GetRequiredService<SegmentWorker>().DrainAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    /// <summary>What <c>clientele check</c> would find.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(this ClienteleApp app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Check>().RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The shop of <c>clientele seed-demo</c>, in a database without customers.</summary>
    public static async Task SeedDemoAsync(this ClienteleApp app, int customers)
    {
        await using var scope = app.Services.CreateAsyncScope();
        Assert.Null(await scope.ServiceProvider.GetRequiredService<DemoSeed>().RunAsync(customers, ClienteleApp.Password, _ => { }, TestContext.Current.CancellationToken));
    }

    public static ServerKeys Keys(this ClienteleApp app) => app.Services.GetRequiredService<ServerKeys>();
}
