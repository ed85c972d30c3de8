using System.Data.Common;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Webhooks;

/// <summary>What the maintenance deletes, and what stays.</summary>
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
        meanwhile.Work = async () =>
        {
            await own.PlaceEventsAsync();
            (url, _) = await receiver.HookAsync(key);
            (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
            await own.DeliverAsync();
        };

        await own.MaintainAsync();

        Assert.NotNull(url);
        Assert.Single(await key.DeliveriesAsync(url, "&state=waiting"));
    }

    /// <summary>Does something once, as soon as the maintenance has read which webhooks there are.</summary>
    private sealed class Meanwhile : DbCommandInterceptor
    {
        private Func<Task>? _work;

        public Func<Task> Work
        {
            set => _work = value;
        }

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
