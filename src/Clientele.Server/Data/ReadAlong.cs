using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Data;

/// <summary>
/// A statement sent in the round trip of a query that locks a row. It is a separate statement: sent after the query, it begins when the lock is held, so
/// that it sees what the previous holder has written. A join would see the data from before the wait.
/// </summary>
/// <param name="Sql">The statement; @id is the id of the row.</param>
/// <param name="Read">Reads each row of the result. The statement must return a result, which may be empty.</param>
/// <param name="Parameters">The other parameters of a statement that is sent before the query.</param>
internal sealed record ReadAlong(string Sql, Action<DbDataReader> Read, params (string Name, object Value)[] Parameters);

/// <summary>What a query sends in its round trip.</summary>
/// <param name="Before">Statements before the query.</param>
/// <param name="Locking">The end of the query, which makes it lock its row.</param>
/// <param name="After">Statements after the query.</param>
internal sealed record RoundTrip(IReadOnlyList<ReadAlong> Before, string Locking, IReadOnlyList<ReadAlong> After);

/// <summary>
/// EF Core sends one statement and reads its result. This interceptor adds the statements before and after it, and reads their results.
/// </summary>
internal sealed class ReadsAlong : DbCommandInterceptor
{
    public static readonly ReadsAlong Instance = new();

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        if ((eventData.Context as ClienteleDb)?.RoundTrip is not { } trip)
        {
            return result;
        }

        foreach (var (name, value) in trip.Before.SelectMany(read => read.Parameters))
        {
            var parameter = result.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            result.Parameters.Add(parameter);
        }

#pragma warning disable CA2100 // EF Core's own statement between ours.
        result.CommandText = string.Join(
            ";\n", [.. trip.Before.Select(read => read.Sql), result.CommandText + trip.Locking, .. trip.After.Select(read => read.Sql)]);
#pragma warning restore CA2100
        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        foreach (var read in (eventData.Context as ClienteleDb)?.RoundTrip?.Before ?? [])
        {
            await ReadAllAsync(result, read, cancellationToken);
            await result.NextResultAsync(cancellationToken);
        }

        return result;
    }

    public override async ValueTask<InterceptionResult> DataReaderClosingAsync(
        DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result)
    {
        foreach (var read in (eventData.Context as ClienteleDb)?.RoundTrip?.After ?? [])
        {
            await eventData.DataReader.NextResultAsync();
            await ReadAllAsync(eventData.DataReader, read, CancellationToken.None);
        }

        return result;
    }

    private static async Task ReadAllAsync(DbDataReader reader, ReadAlong read, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Read(reader);
        }
    }
}
