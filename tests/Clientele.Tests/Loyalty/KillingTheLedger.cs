using System.Globalization;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>
/// Kills the process during orders, refunds, adjustments, redemptions and reversals, and then compares its data with what its clients know. <see
/// cref="LongRun"/> runs more kills.
/// </summary>
public sealed class KillingTheLedger
{
    private const int Accounts = 6;
    private const int Strangers = 4;
    private static readonly ModelProgramme Programme = new() { PointsPerUnit = 1.5m };

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_and_nothing_is_half_there()
    {
        var (database, killer) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        var (kills, chance, seed) = (LongRun.Kills ?? 5, new Random(LongRun.Seed), LongRun.Seed);
        CrashAccount[] accounts = [];
        SharedAccount? shared = null;
        var server = await ServeAsync(database);
        try
        {
            for (var round = 0; round < kills; round++)
            {
                var admin = await SignInAsync(server, killer);
                if (round % 10 == 0)
                {
                    // Use new accounts now and then: an account with a long history shows little that is new.
                    accounts = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(async i =>
                        new CrashAccount(await RegisterAsync(server), Programme, new Random((seed * 1000) + round + i))));
                    shared = await SharedAccount.OpenAsync(admin, await RegisterAsync(server));
                }

                var clients = new Clients(chance.Next(20, 120));
                clients.Add(accounts.Select(account => (Func<Task>)(() => account.StepAsync(admin))));
                clients.Add(Enumerable.Range(0, Strangers)
                    .Select(i => new Random((seed * 7919) + (round * Strangers) + i))
                    .Select(own => (Func<Task>)(() => shared!.StepAsync(admin, own))));
                await clients.Enough.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
                await server.KillAsync();
                await clients.Gone;

                await server.DisposeAsync();
                server = await ServeAsync(database);
                admin = await SignInAsync(server, killer);
                await Task.WhenAll(accounts.Select(account => account.ExpectWholeAsync(admin)).Append(shared!.ExpectWholeAsync(admin)));
                await LongRun.ReportAsync("kills", 1);
            }
        }
        finally
        {
            await server.DisposeAsync();
        }

        await using (var app = await ClienteleApp.StartAsync(new() { Database = database, Settings = LedgerWorld.Settings(Programme) }))
        {
            Assert.Empty(await app.CheckAsync());
        }

        await Consistency.ExpectAsync(database);
    }

    private static Task<ServerProcess> ServeAsync(TestDatabase database) => ServerProcess.ServeAsync(
        database.ConnectionString,
        string.Create(CultureInfo.InvariantCulture, $"--Loyalty:PointsPerUnit={Programme.PointsPerUnit}"),
        "--RateLimits:Registration=100000");

    private static async Task<Actor> SignInAsync(ServerProcess server, string username)
    {
        var pair = (await new Actor(server.Client).Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200);
        return new Actor(server.Client) { Access = (string)pair["access"]! };
    }

    private static async Task<long> RegisterAsync(ServerProcess server)
    {
        var username = $"victim-{Guid.NewGuid():n}";
        var registered = await new Actor(server.Client).Post("/api/customers/register/", Given.Registration(username));
        return (long)registered.Expect(201)["id"];
    }

    /// <summary>Clients that continue until there are no more responses. Counts the acknowledgements, up to the required number.</summary>
    private sealed class Clients(int enough)
    {
        private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Task> _running = [];
        private int _left = enough;

        public Task Enough => _enough.Task;

        public Task Gone => Task.WhenAll(_running);

        public void Add(IEnumerable<Func<Task>> steps) => _running.AddRange(steps.Select(step => Task.Run(() => GoOnAsync(step))));

        private async Task GoOnAsync(Func<Task> step)
        {
            try
            {
                while (true)
                {
                    await step();
                    if (Interlocked.Decrement(ref _left) == 0)
                    {
                        _enough.TrySetResult();
                    }
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                // No response: it may have happened or not, but not partly.
            }
            catch (Exception wrong)
            {
                _enough.TrySetException(wrong);
                throw;
            }
        }
    }
}
