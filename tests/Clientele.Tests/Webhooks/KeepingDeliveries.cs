using System.Data.Common;
using Clientele.Server.Data;
using Clientele.Server.Webhooks;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Webhooks;

/// <summary>What the maintenance deletes, and what the figures count.</summary>
public sealed class KeepingDeliveries
{
    [Fact]
    public async Task What_waits_for_a_webhook_that_is_created_during_the_maintenance_stays()
    {
        await using var receiver = await Receiver.StartAsync();
        var meanwhile = new Meanwhile();
        await using var own = await ClienteleApp.StartAsync(new() { Settings = receiver.Settings, Services = meanwhile.Join });
        var (key, customer) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        receiver.Respond(500);
        string? url = null;
        meanwhile.Do(async () =>
        {
            await own.PlaceEventsAsync();
            (url, _) = await receiver.HookAsync(key);
            (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
            await own.DeliverAsync();
        });

        await own.MaintainAsync();

        Assert.NotNull(url);
        Assert.Single(await key.DeliveriesAsync(url, "&state=waiting"));
    }

    [Fact]
    public async Task What_waits_for_a_webhook_that_is_turned_off_is_in_no_figure()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var own = await receiver.AppAsync();
        var (key, customer) = (await own.KeyAsync("webhooks:read", "webhooks:write"), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = context.Request.Path == "/failing" ? 500 : 204;
            return Task.CompletedTask;
        };
        var (failing, _) = await receiver.HookAsync(key, path: "failing");
        await receiver.HookAsync(key);
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();
        own.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await ReadAsync("clientele.webhooks.waiting"));
        Assert.InRange(await ReadAsync("clientele.webhooks.age"), 7200, 9000);

        (await key.Patch(failing, new { is_active = false })).Expect(200);

        Assert.Equal(0, await ReadAsync("clientele.webhooks.waiting"));
        Assert.Equal(0, await ReadAsync("clientele.webhooks.age"));

        async Task<double> ReadAsync(string name)
        {
            await using var scope = own.Services.CreateAsyncScope();
            var gauges = scope.ServiceProvider.GetServices<IDatabaseGauges>().OfType<WebhookGauges>().Single();
            return (await gauges.ReadAsync(TestContext.Current.CancellationToken)).Single(reading => reading.Name == name).Value;
        }
    }

    /// <summary>Does something once, as soon as the maintenance has read which webhooks there are.</summary>
    private sealed class Meanwhile : DbCommandInterceptor
    {
        private Func<Task>? _work;

        public void Do(Func<Task> work) => _work = work;

        public void Join(IServiceCollection services)
        {
            services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(this));
            services.ConfigureDbContext<PostgresClienteleDb>(options => options.AddInterceptors(this));
        }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            var words = command.CommandText.Replace("\"", "", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (string.Join(' ', words) == "SELECT w.id FROM webhooks AS w" && Interlocked.Exchange(ref _work, null) is { } work)
            {
                await work();
            }

            return result;
        }
    }
}
