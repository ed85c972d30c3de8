using System.Data.Common;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

/// <summary>Only a few reads over all customers run at once, and other requests are served meanwhile.</summary>
public sealed class LookingAtEverybody
{
    private const string Preview = $"{Lists.Groups}preview/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly object Rule = new { assignment_rules = new { field = "is_vip", op = "eq", value = true } };

    [Fact]
    public async Task One_more_than_may_be_at_it_is_asked_to_come_again()
    {
        using var held = new Held();
        await using var own = await StartAsync(held, ("HeavyReads:AtOnce", "1"), ("HeavyReads:Waiting", "0"), ("HeavyReads:Seconds", "600"));
        var admin = await own.AdminAsync();
        var first = admin.Post(Preview, Rule);
        await held.EnteredAsync();

        foreach (var refused in new[]
        {
            await admin.Post(Preview, Rule),
            await admin.Post("/api/customers/loyalty/simulate/", new { tiers = Array.Empty<object>() }),
            await admin.Get("/api/customers/loyalty/liability/"),
        })
        {
            Assert.Equal("2", refused.ExpectProblem(503).Headers["Retry-After"]);
        }

        (await admin.Get(admin.Url)).Expect(200);
        held.LetGo();
        (await first).Expect(200);
        (await admin.Post(Preview, Rule)).Expect(200);
    }

    [Fact]
    public async Task Whoever_waits_has_their_turn()
    {
        using var held = new Held();
        await using var own = await StartAsync(held, ("HeavyReads:AtOnce", "1"), ("HeavyReads:Waiting", "2"), ("HeavyReads:Seconds", "600"));
        var admin = await own.AdminAsync();
        var first = admin.Post(Preview, Rule);
        await held.EnteredAsync();
        var others = new[] { admin.Post(Preview, Rule), admin.Get("/api/customers/loyalty/liability/") };

        held.LetGo();

        Assert.All(await Task.WhenAll([first, .. others]), answer => answer.Expect(200));
    }

    [Fact]
    public async Task What_takes_too_long_is_a_503_and_makes_room()
    {
        using var held = new Held();
        await using var own = await StartAsync(held, ("HeavyReads:AtOnce", "1"), ("HeavyReads:Seconds", "2"));
        var admin = await own.AdminAsync();

        var late = (await admin.Post(Preview, Rule)).ExpectProblem(503);

        Assert.Equal("2", late.Headers["Retry-After"]);
        held.LetGo();
        await Wait.UntilAsync(async () => (int)(await admin.Post(Preview, Rule)).Status == 200, Patience, "the next one has its turn");
    }

    [Fact]
    public async Task A_rule_can_be_tried_out_with_an_idempotency_key()
    {
        await using var own = await ClienteleApp.StartAsync();

        (await (await own.AdminAsync()).Post(Preview, Rule, ("Idempotency-Key", "tried"))).Expect(200);
    }

    private static Task<ClienteleApp> StartAsync(Held held, params (string Name, string Value)[] settings) => ClienteleApp.StartAsync(new()
    {
        Services = held.Join,
        Settings = settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value),
    });

    /// <summary>Blocks previews until it is released, or until they time out.</summary>
    private sealed class Held : DbCommandInterceptor, IDisposable
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _entered = new(0);

        public void LetGo() => _open.TrySetResult();

        public async Task EnteredAsync() => Assert.True(await _entered.WaitAsync(Patience, TestContext.Current.CancellationToken));

        public void Join(IServiceCollection services)
        {
            services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(this));
            services.ConfigureDbContext<PostgresClienteleDb>(options => options.AddInterceptors(this));
        }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("a rule is tried out", StringComparison.Ordinal))
            {
                _entered.Release();
                await _open.Task.WaitAsync(cancellationToken);
            }

            return result;
        }

        public void Dispose() => _entered.Dispose();
    }
}
