using System.Data.Common;
using Npgsql;

namespace Clientele.Server.Data;

/// <summary>
/// A standby of the database, kept by PostgreSQL's streaming replication, that answers expensive reads. It answers a request only if it has everything
/// that was committed on the primary before the request read. So nobody misses a write, neither their own nor another's, through whichever node it came.
/// Otherwise the primary answers. docs/decisions/0017-a-replica-is-never-behind.md tells why.
/// </summary>
internal sealed partial class Replica(Database database, TimeProvider clock, ILogger<Replica> logger) : IAsyncDisposable
{
    /// <summary>How long a request waits for the standby: to connect, and to receive the last commits. It usually takes a few milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>How often it is looked whether the last commits have arrived.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    /// <summary>After a failure nobody tries the standby for this time, which doubles with each further failure.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>What a transaction that is committed has written at least. Without synchronous commits, it may not be on the disk yet.</summary>
    private const string Committed =
        "SELECT (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END)::text";

    /// <summary>A standby that was promoted is no copy any more.</summary>
    private const string HasReceived = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= $1::pg_lsn";

    private readonly NpgsqlDataSource? _source = database.ReplicaSource;
    private readonly Lock _changing = new();
    private TimeSpan _pause;
    private long _pausedAt;

    public bool IsConfigured => _source is not null;

    /// <summary>Reads from the standby if it can answer. If it is lost meanwhile, reads again, from the primary.</summary>
    /// <param name="db">The context that <paramref name="read"/> uses.</param>
    /// <param name="read">What to read. It changes nothing.</param>
    /// <param name="keep">Gets what lets the context go back to the primary, if the result reads on. Without it, this happens before the return.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<T> ReadAsync<T>(ClienteleDb db, Func<Task<T>> read, Action<IDisposable>? keep, CancellationToken cancellationToken)
    {
        var connection = IsConfigured && MayTry() ? await TryConnectAsync(await CommittedAsync(cancellationToken), cancellationToken) : null;
        if (connection is null)
        {
            return await read();
        }

        var reading = new OwnConnection(db, connection);
        keep?.Invoke(reading);
        using var ended = keep is null ? reading : null;
        try
        {
            return await read();
        }
        catch (Exception failure) when (IsLost(failure) && !cancellationToken.IsCancellationRequested)
        {
            reading.Dispose();
            Suspend(failure.GetBaseException().Message);
            return await read();
        }
    }

    /// <summary>Whether the standby answers now, for the metrics. It is also how a node that has no requests notices that it is back.</summary>
    public async Task<bool> IsUsableAsync(CancellationToken cancellationToken)
    {
        await using var connection = await TryConnectAsync(await CommittedAsync(cancellationToken), cancellationToken);
        return connection is not null;
    }

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Whether the standby has failed and not the statement, or has cancelled it because it stood in the way of the replay.</summary>
    private static bool IsLost(Exception failure) => failure.GetBaseException() switch
    {
        PostgresException postgres => postgres.SqlState is "40001" || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    /// <summary>Lets the primary answer for a while.</summary>
    private void Suspend(string reason)
    {
        lock (_changing)
        {
            if (_pause == TimeSpan.Zero)
            {
                Log.Suspended(logger, reason);
            }

            _pause = _pause == TimeSpan.Zero ? ShortestPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
            _pausedAt = clock.GetTimestamp();
        }
    }

    /// <summary>After a pause, only one request tries.</summary>
    private bool MayTry()
    {
        lock (_changing)
        {
            if (_pause == TimeSpan.Zero)
            {
                return true;
            }

            var isDue = clock.GetElapsedTime(_pausedAt) >= _pause;
            _pausedAt = isDue ? clock.GetTimestamp() : _pausedAt;
            return isDue;
        }
    }

    private void Resume()
    {
        lock (_changing)
        {
            if (_pause > TimeSpan.Zero)
            {
                Log.Resumed(logger);
            }

            _pause = TimeSpan.Zero;
        }
    }

    private async Task<string> CommittedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source!.CreateCommand(Committed);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<NpgsqlConnection?> TryConnectAsync(string position, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var connection = _source!.CreateConnection();
        try
        {
            await connection.OpenAsync(patience.Token);
            await using var command = new NpgsqlCommand(HasReceived, connection) { Parameters = { new() { Value = position } } };
            while (await command.ExecuteScalarAsync(patience.Token) is not true)
            {
                await Task.Delay(Step, patience.Token);
            }

            Resume();
            return connection;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await connection.DisposeAsync();
            Suspend(failure is OperationCanceledException ? "it is behind, or does not answer" : failure.GetBaseException().Message);
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The replica is not used for a while, and the primary answers its reads: {Reason}")]
        public static partial void Suspended(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The replica is used again")]
        public static partial void Resumed(ILogger logger);
    }
}
