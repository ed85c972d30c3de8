using System.Data.Common;
using Clientele.Server.Data;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

/// <summary>If the database fails while a node reads its keys, the keys are not lost.</summary>
public sealed class ReadingKeysAtStart
{
    [Theory]
    [InlineData("server_keys")]
    [InlineData("data_protection_keys")]
    public async Task A_database_that_fails_meanwhile_is_told_as_that_and_asked_again(string table)
    {
        await using var own = await ClienteleApp.StartAsync();
        var (customer, failing) = (await own.CustomerAsync(), new Failing(table));

        await using var node = await ClienteleApp.StartAsync(new() { Database = own.Database, Clock = own.Clock, Services = failing.Join });

        Assert.Equal(0, failing.Left);
        (await node.Here(customer).Get("/api/customers/customers/me/")).Expect(200);
        Assert.Contains(node.Log.Lines, line => line.Contains("The database failed while the keys were read", StringComparison.Ordinal));
        Assert.DoesNotContain(node.Log.Lines, line => line.Contains("key ring is not the one", StringComparison.Ordinal));
    }

    /// <summary>Fails the first reads of a table.</summary>
    private sealed class Failing(string table) : DbCommandInterceptor
    {
        public int Left { get; private set; } = 2;

        public void Join(IServiceCollection services)
        {
            services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(this));
            services.ConfigureDbContext<PostgresClienteleDb>(options => options.AddInterceptors(this));
        }

        public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
        {
            Fail(command);
            return result;
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Fail(command);
            return ValueTask.FromResult(result);
        }

        private void Fail(DbCommand command)
        {
            if (Left > 0 && command.CommandText.Contains(table, StringComparison.Ordinal))
            {
                Left--;
                throw new TimeoutException("The database system is starting up.");
            }
        }
    }
}
