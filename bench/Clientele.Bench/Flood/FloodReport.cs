using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Flood;

/// <summary>The effect of the flood on other callers, for the terminal and as a section of docs/benchmarks.md.</summary>
internal sealed class FloodReport(FloodOptions options, IReadOnlyList<FloodFigures> figures, string postgres) : IReport
{
    private const double Bar = 2;

    private static readonly string[] Columns =
    [
        "reads on", "service", "quiet p50 ms", "quiet p99 ms", "flooded p50 ms", "flooded p99 ms", "p99 of quiet", "bar", "met",
        "wrong sign-ins/s", "turned away",
    ];

    public bool IsFull => options.IsFull;

    public IEnumerable<Table> Tables()
    {
        yield return Page.Table(Columns, figures.Select(Cells));
    }

    /// <summary>Replaces the section of the page.</summary>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Page.Append(text, Columns, figures.Select(Cells));
        return Page.ReplaceAsync(Page.Flood, options.Command, postgres, text.AppendLine(Notes).ToString(), cancellationToken);
    }

    private static readonly string Notes =
        $"""
        - The flood is {Guessers.Count} simultaneous wrong sign-ins, each repeated as soon as its response arrives; after a 503 it is repeated after
          a tenth of a second. The limits on guessing are raised, so that every guess is hashed. The flood begins with the first read.
        - Reads are `GET /api/customers/customers/me/` by another customer, {Readers.PerSecond} per second, without waiting for responses, each timed
          from the instant at which it was due.
        - "In its first second" means that the service has just started and compiles its code. {FloodBench.Starts} starts are measured together.
        - "Running" means a warm service. Floods of {FloodBench.SecondsOfFlood} seconds alternate with quiet periods of the same length.
        - Readers, guessers, service and PostgreSQL share the cores. Linux compares nice values only within one scheduling group, and with
          autogroup every session is a group of its own. `kernel.sched_autogroup_enabled` was {Autogroup()}.
        """;

    private static string Autogroup()
    {
        const string setting = "/proc/sys/kernel/sched_autogroup_enabled";
        return File.Exists(setting) ? File.ReadAllText(setting).Trim() : "not there";
    }

    private static string[] Cells(FloodFigures measured) =>
    [
        measured.Database, measured.State,
        Page.Number(measured.Quiet.At(0.5), "0.0"), Page.Number(measured.Quiet.At(0.99), "0.0"),
        Page.Number(measured.Flooded.At(0.5), "0.0"), Page.Number(measured.Flooded.At(0.99), "0.0"),
        Page.Number(measured.Ratio, "0.0", "× "), Page.Number(Bar, "0", "≤ × "), measured.Ratio <= Bar ? "yes" : "no",
        Page.Number(measured.SignIns.PerSecond, "0.0"), Page.Number(measured.SignIns.TurnedAway, "N0"),
    ];
}
