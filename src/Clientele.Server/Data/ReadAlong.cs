using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Data;

/// <summary>
/// What is read in the round trip of a customer's lock. It is a statement of its own, which begins when the lock is held, so that it
/// sees what the last holder has left; a join would see what there was before the wait.
/// </summary>
/// <param name="Sql">The statement; {0} is the customer's id.</param>
/// <param name="Read">Takes each of its rows.</param>
internal sealed record ReadAlong(string Sql, Action<DbDataReader> Read);

/// <summary>EF Core reads the first result of a command; this reads those after it.</summary>
internal sealed class ReadsAlong : DbCommandInterceptor
{
    public static readonly ReadsAlong Instance = new();

    public override async ValueTask<InterceptionResult> DataReaderClosingAsync(DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result)
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
