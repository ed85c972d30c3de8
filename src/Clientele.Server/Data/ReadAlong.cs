using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Data;

/// <summary>
/// A statement sent in the round trip that locks a customer. It is a separate statement and begins when the lock is held, so that it sees what the
/// previous holder has written. A join would see the data from before the wait.
/// </summary>
/// <param name="Sql">The statement; {0} is the customer's id.</param>
/// <param name="Read">Reads each row of the result.</param>
internal sealed record ReadAlong(string Sql, Action<DbDataReader> Read);

/// <summary>
/// Rows to lock in the same round trip, before they are read. Each is locked by its own statement, so that Citus sends it to the right machine, and
/// in the order of the ids, so that two callers cannot deadlock.
/// </summary>
internal sealed record LockFirst(string Table, string Key, long[] Ids);

/// <summary>
/// EF Core sends one statement and reads its result. This interceptor adds the statements before it and reads the results of those after it.
/// </summary>
internal sealed class ReadsAlong : DbCommandInterceptor
{
    public static readonly ReadsAlong Instance = new();

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if ((eventData.Context as ClienteleDb)?.LockingFirst is not { } rows)
        {
            return result;
        }

        var text = new StringBuilder();
        foreach (var id in rows.Ids)
        {
            var parameter = result.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (string.Create(CultureInfo.InvariantCulture, $"lock{result.Parameters.Count}"), id);
            result.Parameters.Add(parameter);
            text.Append(CultureInfo.InvariantCulture, $"SELECT {rows.Key} FROM {rows.Table} WHERE {rows.Key} = @{parameter.ParameterName} FOR UPDATE;\n");
        }

#pragma warning disable CA2100 // EF Core's own statement after ours.
        result.CommandText = $"{text}{result.CommandText}";
#pragma warning restore CA2100
        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        for (var left = (eventData.Context as ClienteleDb)?.LockingFirst?.Ids.Length ?? 0; left > 0; left--)
        {
            await result.NextResultAsync(cancellationToken);
        }

        return result;
    }

    public override async ValueTask<InterceptionResult> DataReaderClosingAsync(
        DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result)
    {
        foreach (var along in (eventData.Context as ClienteleDb)?.ReadingAlong ?? [])
        {
            await eventData.DataReader.NextResultAsync();
            while (await eventData.DataReader.ReadAsync())
            {
                along.Read(eventData.DataReader);
            }
        }

        return result;
    }
}
