using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Enumeration;

/// <summary>The comparison of known and unknown accounts, for the terminal and as a section of docs/benchmarks.md.</summary>
internal sealed class EnumerationReport(AccountsOptions options, IReadOnlyList<Comparison> figures, string postgres) : IReport
{
    private static readonly string[] Columns =
        ["request", "database", "account p50 ms", "no account p50 ms", "ratio", "ratio by chance", "account is slower"];

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
        return Page.ReplaceAsync(Page.Enumeration, options.Command, postgres, text.AppendLine(Notes(options)).ToString(), cancellationToken);
    }

    private static string Notes(AccountsOptions options) =>
        $"""
        - Can the time of a response reveal whether an account exists? {options.Accounts} accounts, and as many names without an account, are asked about
          in turns and in a random order, one request at a time over one connection on the same machine. An attacker on a network sees less.
        - "Ratio" is that of the two medians. "Ratio by chance" compares one half of the names without an account with the other half: a ratio
          that is not farther from 1 shows nothing.
        - "Account is slower" is the share of all pairs of an account and a name without one in which the account's request took longer. 50 % shows nothing.
        - A registration with a name that is taken is refused with a 400 that says so, and no password is hashed: its time adds nothing to what the
          response says. `RateLimits:Registration` limits how many names can be tried.
        - `send_email_code/`, which sends a mail once more, is only for the customer who is signed in.
        """;

    private static string[] Cells(Comparison measured) =>
    [
        measured.Title, measured.Database,
        Page.Number(Comparison.Median(measured.Known), "0.00"), Page.Number(Comparison.Median(measured.Unknown), "0.00"),
        Page.Number(measured.Ratio, "0.000"), Page.Number(measured.Noise, "0.000"), Page.Number(100 * measured.Slower, "0", "") + " %",
    ];
}
