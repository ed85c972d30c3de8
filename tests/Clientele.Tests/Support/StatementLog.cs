using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Support;

/// <summary>
/// Records every statement that EF Core sends in the whole run, in every app. Checks each text once against <see cref="StatementRules"/>, and counts
/// the statements of a request that carries <see cref="NewTrace"/>.
/// </summary>
/// <remarks>
/// Violations are reported when the run ends, in the clean-up of the fixture that all tests share: xunit reports that as an error of the run, which
/// fails it. An exception at this point would become a 500 in whichever test comes first, or vanish in a background service.
/// </remarks>
internal sealed class StatementLog : DbCommandInterceptor
{
    private static readonly StatementLog Shared = new();

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _traced = new(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Texts => [.. Shared._texts.Keys];

    /// <summary>Adds this interceptor to an app's contexts.</summary>
    public static void ReadAlong(IServiceCollection services)
    {
        services.ConfigureDbContext<SqliteClienteleDb>(options => options.AddInterceptors(Shared));
        services.ConfigureDbContext<PostgresClienteleDb>(options => options.AddInterceptors(Shared));
    }

    /// <summary>A header for one request; <see cref="Of"/> then returns its statements.</summary>
    public static (string Name, string Value) NewTrace()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        Shared._traced[trace] = new();
        return ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
    }

    /// <summary>The statements of the request that carried the header.</summary>
    public static IReadOnlyList<string> Of((string Name, string Value) trace) => [.. Shared._traced[trace.Value.Split('-')[1]]];

    /// <summary>Throws if any statement of the run so far breaks a rule.</summary>
    public static void ThrowIfAnyBreaksTheRules()
    {
        var broken = Shared._texts.Where(text => text.Value.Count > 0)
            .Select(text => string.Join('\n', text.Value.Select(complaint => "* " + complaint)) + "\n" + text.Key).Order(StringComparer.Ordinal).ToList();
        if (broken.Count > 0)
        {
            throw new InvalidOperationException($"{broken.Count} statements of this run break the data rules:\n\n{string.Join("\n\n", broken)}\n");
        }
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Note(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(command, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Note(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(command, result));

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
        Note(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(command, result));

    private InterceptionResult<T> Note<T>(DbCommand command, InterceptionResult<T> result)
    {
        _texts.GetOrAdd(command.CommandText, StatementRules.Complaints);
        if (Activity.Current is { } activity && _traced.TryGetValue(activity.TraceId.ToHexString(), out var statements))
        {
            statements.Enqueue(command.CommandText);
        }

        return result;
    }
}
