using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Ledger;

/// <summary>The results for the ledger, for the terminal and as a section of docs/benchmarks.md.</summary>
internal sealed class LedgerReport(LedgerOptions options, IReadOnlyList<Proof> proofs, IReadOnlyList<Redemptions> redemptions, string postgres) : IReport
{
    public bool IsFull => options.IsFull;

    private static readonly string[] RedemptionColumns =
    [
        "redemptions", "req/s", "p50 ms", "p99 ms", "CPU ms service", "CPU ms database", "pgbench transactions/s", "of pgbench",
    ];

    public IEnumerable<Table> Tables()
    {
        yield return Page.Table(Proof.Columns, proofs.Select(proof => proof.Cells));
        yield return Page.Table(RedemptionColumns, redemptions.Select(Cells));
    }

    /// <summary>Replaces the section of the page.</summary>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Page.Append(text, Proof.Columns, proofs.Select(proof => proof.Cells));
        Page.Append(text, RedemptionColumns, redemptions.Select(Cells));
        return Page.ReplaceAsync(Page.Ledger, options.Command, postgres, text.AppendLine(Notes).ToString(), cancellationToken);
    }

    private const string Notes =
        """
        - Half of the histories run on SQLite, and the other half, with another random seed, on PostgreSQL.
        - A history is about twenty deliveries, refunds, adjustments, redemptions and reversals of one account over month ends and
          29 February. All deliveries and some of the rest are sent twice. It must end with the same balances and entries as a plain
          model that shares no code with the service.
        - A kill is a `kill -9` of the service during such calls. Afterwards everything that was acknowledged is there once, and what was
          not acknowledged is there completely or not at all.
        - The comparison is pgbench with as many connections, on the same server: an UPDATE of the balance with its condition
          and an INSERT of the entry in one transaction, and nothing else. In addition, the service handles HTTP, authentication,
          the lots with the points taken from each, the audit entry and the statistics.
        """;

    private static string[] Cells(Redemptions measured)
    {
        var service = measured.Service;
        return
        [
            measured.Title, Page.Number(service.Load.PerSecond, "N0"), Page.Number(service.Load.P50, "0.0"),
            Page.Number(service.Load.P99, "0.0"), Page.Number(service.Service, "0.00"),
            Page.Number(service.Database, "0.00"), Page.Number(measured.Floor, "N0"), Page.Number(measured.Ratio, "0 %"),
        ];
    }
}
