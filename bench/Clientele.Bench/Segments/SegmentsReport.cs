using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Segments;

/// <summary>What was found of segments, for the terminal and as a section of docs/benchmarks.md.</summary>
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

    private string[] Columns => ["segments", .. figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Customers:N0} customers")), "bar", "met", "grows"];

    public bool IsFull => options.IsFull;

    public IEnumerable<Table> Tables()
    {
        if (proofs.Count > 0)
        {
            yield return Page.Table(Proof.Columns, proofs.Select(proof => proof.Cells));
        }

        yield return Page.Table(Columns, Lines.Select(Cells));
    }

    /// <summary>Puts the section on the page, in the place of the one before.</summary>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Page.Append(text, Proof.Columns, proofs.Select(proof => proof.Cells));
        Page.Append(text, Columns, Lines.Select(Cells));
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            - The rules asked of PostgreSQL are of other chances than those asked of SQLite.
            - A random rule is asked of random customers with random histories as the clock goes on; it matches exactly whom a naive
              interpreter of the rule, which shares no code with the service, says it should.
            - Each customer has five orders, and {options.Segments} segments of mixed rules (tiers, amounts, tags, windows over orders, lines, birthdays,
              ages, reviews, other groups, rolling hours) are kept right during all that follows.
            - A build is timed from the request that creates the segment until it is ready. Beside it is one bare statement by hand that
              writes the same rows into an empty table with the same indexes. Medians of {Builds.Rounds} rounds of both.
            - Rows written are the rows that another transaction than before has written, and those that are gone.
            - Writes are changes of names and tags, orders and points in turn, over HTTP, each to another customer, at a pace that does not
              wait for answers, for {options.Seconds} seconds after {Following.WarmUpSeconds} that are not counted. Of every fifth the membership that follows is looked for every 25 ms, from the acknowledgement on. Who has
              ordered is in a segment of the last {Following.FadesAfter} seconds; the end of that is looked for likewise.
            - At one instant one customer in {Crowd.OneOf} leaves {Crowd.Groups} segments, as at midnight, when windows of days move on. Beside it is one bare
              statement by hand that deletes as many memberships and writes their spells.
            - What makes the writes shares the cores with the service and PostgreSQL. Their CPU includes the evaluation.
            - PostgreSQL keeps its promises, and has what its manual has every server given: a quarter of the memory as `shared_buffers`, and with
              it 16 GB of `max_wal_size`.
            - The bars are for a million customers. Grows: the last column of customers by the first.
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

    /// <summary>Whether the bar is met, and where only sometimes, with how many customers.</summary>
    private string Met(Line line, List<double?> values)
    {
        var met = figures.Zip(values).Where(pair => pair.Second <= line.Bar).Select(pair => Page.Number(pair.First.Customers, "N0")).ToArray();
        return line.Bar is null ? "" : met.Length == 0 ? "no" : met.Length == values.Count ? "yes" : $"with {string.Join(" and ", met)}";
    }

    /// <summary>One figure of all sizes.</summary>
    /// <param name="Title">As the table shows it.</param>
    /// <param name="Format">How it is written.</param>
    /// <param name="Bar">What it may be at most.</param>
    /// <param name="Value">The figure.</param>
    private sealed record Line(string Title, string Format, double? Bar, Func<SegmentFigures, double?> Value);
}
