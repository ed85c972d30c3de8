using System.Diagnostics;
using Npgsql;

namespace Clientele.Bench.Faults;

/// <summary>Connections to a database that a fault may have just taken away.</summary>
internal static class Connections
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Opens a new connection, and not one of the pool, which the fault may have ended. Waits until the server, or the proxy before it, is there.
    /// </summary>
    public static async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken = default)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString;
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(200, cancellationToken))
        {
            var connection = new NpgsqlConnection(unpooled);
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (NpgsqlException) when (waited.Elapsed < Patience)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
