using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Flood;

/// <summary>What the flood did to others, for the terminal and as a section of docs/benchmarks.md.</summary>
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

    /// <summary>Puts the section on the page, in the place of the one before.</summary>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Page.Append(text, Columns, figures.Select(Cells));
        return Page.ReplaceAsync(Page.Flood, options.Command, postgres, text.AppendLine(Notes).ToString(), cancellationToken);
    }

    private static readonly string Notes =
        $"""
        - The flood is {Guessers.Count} wrong sign-ins at once, each repeated as soon as it is answered; who is turned away with 503 comes back after
          a tenth of a second. The limits on guessing are raised, so that every guess is hashed. The flood begins with the first read.
        - Reads are `GET /api/customers/customers/me/` of somebody else, {Readers.PerSecond} a second at a pace that does not wait for answers, each timed
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
