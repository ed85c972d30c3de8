using System.Text;
using Clientele.Bench.Flood;
using Spectre.Console;

namespace Clientele.Bench.Webhooks;

/// <summary>The effect of a dead receiver, for the terminal and as a section of docs/benchmarks.md.</summary>
internal sealed class WebhooksReport(WebhooksOptions options, WebhookFigures off, WebhookFigures on, long rows, string postgres) : IReport
{
    private static readonly string[] Columns =
        ["dead receiver", "reads p50 ms", "reads p99 ms", "another's lag p50 ms", "another's lag p99 ms", "memory MiB", "most memory MiB"];

    public bool IsFull => options.IsFull;

    public IEnumerable<Table> Tables()
    {
        yield return Page.Table(Columns, Rows());
    }

    /// <summary>Replaces the section of the page.</summary>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Page.Append(text, Columns, Rows());
        return Page.ReplaceAsync(Page.Webhooks, options.Command, postgres, text.AppendLine(Notes()).ToString(), cancellationToken);
    }

    private IEnumerable<string[]> Rows() =>
    [
        Cells(off),
        Cells(on),
        [
            "on / off", Ratio(figures => figures.Reads.At(0.5)), Ratio(figures => figures.Reads.At(0.99)), Ratio(figures => figures.Lags.At(0.5)),
            Ratio(figures => figures.Lags.At(0.99)), Ratio(figures => figures.Memory.Average()), Ratio(figures => figures.Memory.Max()),
        ],
    ];

    private string Notes() =>
        $"""
        - {Page.Number(options.Events, "N0")} events wait for a receiver that accepts connections and never answers, so each attempt takes ten seconds.
          Its webhook is turned off and on in turns of {WebhooksBench.Turn} seconds. At the end, {Page.Number(rows, "N0")} of the events have a row; the
          others wait in the feed.
        - The lag is that of a receiver that answers at once: from the instant of an event to its arrival. {WebhooksBench.WritesPerSecond} such
          events are written in a second.
        - Reads are `GET /api/customers/customers/me/`, {Readers.PerSecond} per second, each timed from the instant at which it was due.
        - The memory is the resident memory of the service, once a second: the mean and the most.
        """;

    private string Ratio(Func<WebhookFigures, double> figure) => Page.Number(figure(on) / figure(off), "0.00", "× ");

    private static string[] Cells(WebhookFigures measured) =>
    [
        measured.State,
        Page.Number(measured.Reads.At(0.5), "0.0"), Page.Number(measured.Reads.At(0.99), "0.0"),
        Page.Number(measured.Lags.At(0.5), "0"), Page.Number(measured.Lags.At(0.99), "0"),
        Page.Number(measured.Memory.Average(), "0"), Page.Number(measured.Memory.Max(), "0"),
    ];
}
