using Npgsql;
using Spectre.Console;

namespace Clientele.Bench;

/// <summary>The results, for the terminal and for docs/benchmarks.md.</summary>
internal interface IReport
{
    /// <summary>Whether the run is complete: only then its results go on the page.</summary>
    bool IsFull { get; }

    IEnumerable<Table> Tables();

    Task WriteAsync(CancellationToken cancellationToken);
}

/// <summary>What all runs have in common: progress bars, result tables, and one line if they fail.</summary>
internal static class Run
{
    public const string ServerVariable = "CLIENTELE_BENCH_POSTGRES";
    private const int RedirectedWidth = 180;

    /// <summary>The progress bars of a run.</summary>
    public static Progress Bars() => AnsiConsole.Progress()
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn());

    /// <param name="work">The work of the run. It gets the progress bars and the connection string of a PostgreSQL role that may create roles and
    /// databases.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ToEndAsync(Func<ProgressContext, string, Task<IReport>> work, CancellationToken cancellationToken)
    {
        try
        {
            var server = Environment.GetEnvironmentVariable(ServerVariable)
                ?? throw new BenchException($"{ServerVariable} names no PostgreSQL server. bin/bench creates one.");
            var report = await Bars().StartAsync(progress => work(progress, server));
            Show(report);
            if (report.IsFull)
            {
                await report.WriteAsync(cancellationToken);
            }

            return 0;
        }
        catch (Exception failure) when (failure is BenchException or NpgsqlException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    /// <summary>Shows the results so far.</summary>
    public static void Show(IReport report)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = RedirectedWidth;
        }

        foreach (var table in report.Tables())
        {
            AnsiConsole.Write(table);
        }
    }

    /// <summary>Shows a step of the run as a progress bar.</summary>
    public static async Task StepAsync(this ProgressContext progress, string title, Func<ProgressTask, Task> work)
    {
        var step = progress.AddTask(title);
        await work(step);
        step.Value = step.MaxValue;
        step.StopTask();
    }
}
