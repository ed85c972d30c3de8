using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Faults;

/// <summary>What the faults have cost, for the terminal and as docs/reliability.md.</summary>
internal sealed class FaultsReport(FaultsOptions options, IReadOnlyList<Trial> trials) : IReport
{
    private static readonly string[] Columns = ["fault", "times", "acknowledged", "lost", "doubled", "failed calls", "longest outage", "check"];

    public bool IsFull => options.IsFull;

    /// <summary>Nothing acknowledged is lost, nothing is there twice, and a node that is stopped as it should be fails no call.</summary>
    public IEnumerable<string> Broken => trials
        .Where(trial => trial.Outcome.Lost > 0 || trial.Outcome.Doubled > 0 || trial.Findings > 0 || trial.Events is { Lost: > 0 } or { Disordered: > 0 }
            || (trial.Name is "terminate" or "upgrade" && trial.Outcome.Failed > 0))
        .Select(trial => $"{trial.Fault}: {trial.Outcome.Lost} lost, {trial.Outcome.Doubled} doubled, {trial.Outcome.Failed} failed, "
            + $"{trial.Findings} findings, events: {trial.Events}. Failed calls were told: "
            + string.Join(" | ", trial.Outcome.Reasons.Take(10).Select(reason => $"{reason.Value} × {reason.Key}")));

    public IEnumerable<Table> Tables()
    {
        yield return Page.Table(Columns, trials.Select(Cells));
    }

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # Reliability

            What happens to writes while the things that the service depends on fail. Anyone can run it before a release: `bin/bench faults`
            (Debian, root, 20 minutes; it installs HAProxy, Patroni and etcd). Made by `{options.Command}` on {DateTime.UtcNow:d MMMM yyyy} with
            {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, commit {Page.Commit}; the next run overwrites this page.


            """));
        Page.Append(text, Columns, trials.Select(Cells));
        foreach (var trial in trials.Where(trial => trial.Events is not null))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"""
                - The receiver of webhooks has missed {trial.Events!.Lost} events, got {trial.Events.Disordered} after a later one of the same customer, and got
                  {trial.Events.Again} more than once, with the same id: it died before it could answer, so they were sent again.
                """);
        }

        text.AppendLine(Notes);
        await File.WriteAllTextAsync(Path.Combine("docs", "reliability.md"), text.ToString(), cancellationToken);
    }

    private const string Notes =
        """
        - Sixteen writers send orders and points through HAProxy with a key, 30 ms after the answer before, and repeat each call until it succeeds, as the SDK
          does: orders by their number and revision, points by an `Idempotency-Key`.
        - **Acknowledged** are the calls that succeeded. **Lost** are those of them that are not in the database afterwards, **doubled** those that are there
          more than once. Both must be 0. `check` is the number of differences that `clientele check` finds afterwards.
        - **Failed calls** were answered by an error or not at all, and were sent again. A node that is killed takes its open requests with it; a node that
          is stopped by SIGTERM finishes them, so that must be 0, also during an upgrade.
        - **Longest outage** is the longest time in which no write at all was acknowledged, the time of the fault itself included.
        - PostgreSQL commits synchronously, on a disk that keeps what it has confirmed. Behind Patroni, synchronous mode is on, so that what was acknowledged is
          on two members, and the nodes reach the primary through HAProxy. Debian 12 has Patroni 3.0.2, which may lose acknowledged writes with
          etcd's version 3 API; this trial uses version 2 of the API. In production, use Patroni 3.0.3 or later.
        """;

    private static string[] Cells(Trial trial) =>
    [
        trial.Fault, Page.Number(trial.Times, "N0"), Page.Number(trial.Outcome.Acknowledged, "N0"), Page.Number(trial.Outcome.Lost, "N0"),
        Page.Number(trial.Outcome.Doubled, "N0"), Page.Number(trial.Outcome.Failed, "N0"), $"{Page.Number(trial.Outcome.Outage.TotalSeconds, "0.0")} s",
        Page.Number(trial.Findings, "N0"),
    ];
}
