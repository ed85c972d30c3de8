using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Segments;

/// <summary>The results for segments, for the terminal and as a section of docs/benchmarks.md.</summary>
internal sealed class SegmentsReport(SegmentsOptions options, IReadOnlyList<Proof> proofs, IReadOnlyList<SegmentFigures> figures, string postgres) : IReport
{
    private static readonly Line[] Lines =
    [
        new("all segments built, s", "0.0", null, f => f.Settled),
        new("simple rule: members", "N0", null, f => f.Simple.Members),
        new("simple rule: full build, s", "0.000", null, f => f.Simple.Seconds),
        new("simple rule: INSERT … SELECT, s", "0.000", null, f => f.Simple.Floor),
        new("simple rule: build of the floor, times", "0.00", 2, f => f.Simple.Ratio),
        new("windowed rule: members", "N0", null, f => f.Windowed.Members),
        new("windowed rule: full build, s", "0.000", null, f => f.Windowed.Seconds),
        new("windowed rule: INSERT … SELECT, s", "0.000", null, f => f.Windowed.Floor),
        new("windowed rule: build of the floor, times", "0.00", null, f => f.Windowed.Ratio),
        new("rebuild that changes nothing, s", "0.000", null, f => f.Again.Seconds),
        new("rebuild that changes nothing: rows written", "N0", 0, f => f.Again.Written),
        new("writes a second", "0", null, f => f.Followed.Writes),
        new("watched changes", "N0", null, f => f.Followed.Visible.Count),
        new("change to membership, p50 ms", "0", null, f => Followed.At(f.Followed.Visible, 0.5)),
        new("change to membership, p99 ms", "0", 1000, f => Followed.At(f.Followed.Visible, 0.99)),
        new("queue empty after the last write, ms", "0", null, f => f.Followed.Drained),
        new("watched exits by the clock", "N0", null, f => f.Followed.Late.Count),
        new("earliest exit by the clock, ms", "0", null, f => Followed.At(f.Followed.Late, 0)),
        new("exit by the clock, p50 ms", "0", null, f => Followed.At(f.Followed.Late, 0.5)),
        new("exit by the clock, p99 ms", "0", 2000, f => Followed.At(f.Followed.Late, 0.99)),
        new("CPU ms of a write, service", "0.00", null, f => f.Followed.Service),
        new("CPU ms of a write, database", "0.00", null, f => f.Followed.Database),
        new("exits at one instant", "N0", null, f => f.Crowded.Exits),
        new("exit at one instant, p50 ms", "0", null, f => Followed.At(f.Crowded.Late, 0.5)),
        new("exit at one instant, p99 ms", "0", null, f => Followed.At(f.Crowded.Late, 0.99)),
        new("exits at one instant: the bare DELETE and INSERT, ms", "0", null, f => f.Crowded.Floor),
    ];

    private string[] Columns =>
        ["segments", .. figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Customers:N0} customers")), "bar", "met", "grows"];

    public bool IsFull => options.IsFull;

    public IEnumerable<Table> Tables()
    {
        if (proofs.Count > 0)
        {
            yield return Page.Table(Proof.Columns, proofs.Select(proof => proof.Cells));
        }

        yield return Page.Table(Columns, Lines.Select(Cells));
    }

    /// <summary>Replaces the section of the page.</summary>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Page.Append(text, Proof.Columns, proofs.Select(proof => proof.Cells));
        Page.Append(text, Columns, Lines.Select(Cells));
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            - The random rules for PostgreSQL and for SQLite have different seeds.
            - A random rule is evaluated for random customers with random histories while time passes. It must match exactly the customers that a naive
              interpreter of the rule finds, which shares no code with the service.
            - Each customer has five orders, and {options.Segments} segments of mixed rules (tiers, amounts, tags, windows over orders, lines, birthdays,
              ages, reviews, other groups, rolling hours) are kept up to date during all that follows.
            - A build is timed from the request that creates the segment until it is ready. It is compared with one bare handwritten statement that
              writes the same rows into an empty table with the same indexes. Medians of {Builds.Rounds} rounds of both.
            - Rows written are the rows whose writing transaction has changed, and the rows that are gone.
            - Writes are changes of names and tags, orders and points in turn, over HTTP, each for another customer, at a rate that does not
              wait for responses, for {options.Seconds} seconds after {Following.WarmUpSeconds} that are not counted. For every fifth write, the membership
              that follows is looked for every 25 ms, beginning with the response. A customer who has
              ordered is in a segment of the last {Following.FadesAfter} seconds; the end of that membership is looked for in the same way.
            - At one instant one customer in {Crowd.OneOf} leaves {Crowd.Groups} segments, as at midnight, when windows of days move on.
              It is compared with one bare handwritten statement that deletes as many memberships and writes their finished periods.
            - The client that makes the writes shares the cores with the service and PostgreSQL. Their CPU includes the evaluation.
            - PostgreSQL runs with full durability and the settings that its manual recommends: a quarter of the memory as `shared_buffers`, and with
              it 16 GB of `max_wal_size`.
            - The bars are for a million customers. Grows: the last column divided by the first.
            """);
        return Page.ReplaceAsync(Page.Segments, options.Command, postgres, text.ToString(), cancellationToken);
    }

    private string[] Cells(Line line)
    {
        var values = figures.Select(line.Value).ToList();
        var grows = values is [> 0 and var first, .., var last] ? last / first : null;
        return
        [
            line.Title, .. values.Select(value => Page.Number(value, line.Format)), Page.Number(line.Bar, "0", line.Bar > 0 ? "≤ " : ""),
            Met(line, values), Page.Number(grows, "0.0", "× "),
        ];
    }

    /// <summary>Whether the limit is met; if only sometimes, with how many customers.</summary>
    private string Met(Line line, List<double?> values)
    {
        var met = figures.Zip(values).Where(pair => pair.Second <= line.Bar).Select(pair => Page.Number(pair.First.Customers, "N0")).ToArray();
        return line.Bar is null ? "" : met.Length == 0 ? "no" : met.Length == values.Count ? "yes" : $"with {string.Join(" and ", met)}";
    }

    /// <summary>One figure for all sizes.</summary>
    /// <param name="Title">The title in the table.</param>
    /// <param name="Format">The number format.</param>
    /// <param name="Bar">The limit.</param>
    /// <param name="Value">The figure.</param>
    private sealed record Line(string Title, string Format, double? Bar, Func<SegmentFigures, double?> Value);
}
