using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Ledger;

/// <summary>What was found of the ledger, for the terminal and as a section of docs/benchmarks.md.</summary>
internal sealed class LedgerReport(LedgerOptions options, IReadOnlyList<Proof> proofs, IReadOnlyList<Redemptions> redemptions, string postgres)
{
    private const string Heading = "## The points ledger";
    private static readonly string[] ProofColumns = ["proof", "database", "how many", "took"];
    private static readonly string[] RedemptionColumns = ["redemptions", "req/s", "p50 ms", "p99 ms", "CPU ms service", "CPU ms database", "pgbench transactions/s", "of pgbench"];

    private static string Page => Path.Combine("docs", "benchmarks.md");

    /// <summary>The section of a page, so that another run can keep it; empty where there is none.</summary>
    public static string Section(string page) => page.IndexOf(Heading, StringComparison.Ordinal) is var at and >= 0 ? page[at..] : "";

    public static async Task<string> SectionAsync(CancellationToken cancellationToken) =>
        File.Exists(Page) ? Section(await File.ReadAllTextAsync(Page, cancellationToken)) : "";

    public IEnumerable<Table> Tables()
    {
        yield return Rows(new Table().Border(TableBorder.Simple).AddColumns(ProofColumns), proofs.Select(Cells));
        yield return Rows(new Table().Border(TableBorder.Simple).AddColumns(RedemptionColumns), redemptions.Select(Cells));
    }

    /// <summary>Puts the section at the end of the page, in the place of the one before.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var page = File.Exists(Page) ? await File.ReadAllTextAsync(Page, cancellationToken) : "# Benchmarks\n";
        var others = page[..^Section(page).Length].TrimEnd();
        var text = new StringBuilder(others).Append(CultureInfo.InvariantCulture, $"""


            {Heading}

            Made by `{options.Command}` on {DateTime.UtcNow:d MMMM yyyy} with {RuntimeInformation.FrameworkDescription}, PostgreSQL {postgres}, {Environment.ProcessorCount} cores, commit {Environment.GetEnvironmentVariable("CLIENTELE_BENCH_COMMIT") ?? "unknown"}.


            """);
        Append(text, ProofColumns, proofs.Select(Cells));
        Append(text, RedemptionColumns, redemptions.Select(Cells));
        text.AppendLine(Notes);
        await File.WriteAllTextAsync(Page, text.ToString(), cancellationToken);
    }

    private const string Notes =
        """
        - A history is some twenty deliveries, refunds, adjustments, redemptions and reversals of one account over month ends and
          29 February, all deliveries and some of the rest sent twice; it ends in the same balances and the same entries as a plain
          model that shares no code with the service.
        - A kill is a `kill -9` of the service amid such calls; afterwards everything that was acknowledged is there once, and what was
          not is there wholly or not at all.
        - Beside the redemptions is pgbench with as many connections, on the same server: an UPDATE of the balance with its condition
          and an INSERT of the entry in one transaction, and nothing else. What the service does besides is HTTP, authentication,
          the lots with what was taken of each, the audit entry and the statistics.
        """;

    private static Table Rows(Table table, IEnumerable<string[]> rows)
    {
        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        return table;
    }

    private static void Append(StringBuilder text, string[] columns, IEnumerable<string[]> rows)
    {
        text.Append("| ").AppendJoin(" | ", columns).AppendLine(" |");
        text.Append("| --- ").Insert(text.Length, "| ---: ", columns.Length - 1).AppendLine("|");
        foreach (var row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row).AppendLine(" |");
        }

        text.AppendLine();
    }

    private static string[] Cells(Proof proof) =>
        [proof.What, proof.Database == "sqlite" ? "SQLite" : "PostgreSQL", Number(proof.Count, "N0"), $"{Number(proof.Took.TotalSeconds, "N0")} s"];

    private static string[] Cells(Redemptions measured)
    {
        var service = measured.Service;
        return
        [
            measured.Title, Number(service.Load.PerSecond, "N0"), Number(service.Load.P50, "0.0"), Number(service.Load.P99, "0.0"), Number(service.Service, "0.00"),
            Number(service.Database, "0.00"), Number(measured.Floor, "N0"), Number(measured.Ratio, "0 %"),
        ];
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
