using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Clientele.Bench;

/// <summary>The results as a table for the terminal, and as docs/benchmarks.md.</summary>
internal sealed class Report(BenchOptions options, TestBed bed, IReadOnlyList<Measurement> measurements, string postgres) : IReport
{
    private static readonly string[] Columns =
    [
        "endpoint", "req/s", "p50 ms", "p99 ms", "CPU ms service", "CPU ms database", "CPU ms sum", "target",
        "Django REST framework", "floor req/s", "of the floor", "floor CPU ms",
    ];

    public bool IsFull => options.Only.Count == 0;

    public IEnumerable<Table> Tables()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns([.. Columns.Where(column => !column.StartsWith("Django", StringComparison.Ordinal))]);
        foreach (var measurement in measurements)
        {
            var cells = Cells(measurement);
            cells.RemoveAt(8);
            cells[6] = measurement.MeetsTarget ? cells[6] : $"[red]{cells[6]}[/]";
            cells[9] = measurement.MeetsRatio ? cells[9] : $"[red]{cells[9]}[/]";
            table.AddRow([.. cells]);
        }

        yield return table;
    }

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var wrk = $"wrk, {Wrk.Threads} threads, {options.Connections} connections";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Benchmarks

            Made by `{options.Command}` on {DateTime.UtcNow:d MMMM yyyy}; the next run overwrites this page.

            | | |
            | --- | --- |
            | Machine | {Machine.Processor}, {Environment.ProcessorCount} cores, {Machine.Memory} of memory |
            | System | {RuntimeInformation.OSDescription}, kernel {Machine.Kernel} |
            | Versions | {RuntimeInformation.FrameworkDescription}, PostgreSQL {postgres}, commit {Page.Commit} |
            | Data | {options.Customers:N0} customers, one and a half addresses and five orders each, 20 groups; seeded in {bed.Seeding.TotalSeconds:0} s |
            | Load | {wrk}; after warming up {Bench.Rounds} rounds of {options.Seconds} s, service and floor in turns; the table shows the median |


            """);
        Page.Append(text, Columns, measurements.Select(Cells));
        text.AppendLine("## What misses its target").AppendLine();
        var missed = measurements.SelectMany(Misses).ToArray();
        text.AppendJoin('\n', missed.Length == 0 ? ["Nothing."] : missed.Select(miss => $"- {miss}")).AppendLine();
        text.AppendLine().AppendLine(Notes);
        if (await Page.SectionsAsync(cancellationToken) is { Length: > 0 } sections)
        {
            // The sections of other runs, which this one does not repeat.
            text.AppendLine().Append(sections);
        }

        await File.WriteAllTextAsync(Page.Path, text.ToString(), cancellationToken);
    }

    private const string Notes =
        """
        ## How to read it

        - **CPU milliseconds per request are the reliable figure**: what the kernel counted for the service's process and for all
          processes of PostgreSQL (writers and autovacuum included) while wrk ran, divided by the number of responses. Requests
          per second also depend on wrk, because it shares the machine's cores with what it measures.
        - **The floor** is a program on the bare framework in the same run, on the same database, with the same statements and the same
          records as source-generated JSON, but without authentication, validation, audit logic or middleware.
          Requests per second should be at least half of the floor's.
        - **Targets** are CPU milliseconds per request, service and database together. The reference is what Django REST framework takes
          for the same documented endpoint.
        - Detail, statistics, addresses and orders go to random customers. Lists, searches and filters are sent by an admin; the filters and
          searches are mixtures. An address includes its audit entry, an order has two lines.
        - Registration and token compute a password hash of 220,000 iterations each, in the floor too: that is most of their cost.
          There are so few of them that PostgreSQL's own work in the meantime (autovacuum after earlier writes) is visible in their
          database column.
        - PostgreSQL runs with full durability: `fsync`, `synchronous_commit` and autovacuum are on,
          `shared_buffers` is a quarter of the memory, and `max_wal_size` 16 GB.
        - Rate limits are raised, because all requests come from one address; nothing else is set.
        """;

    private static IEnumerable<string> Misses(Measurement measurement)
    {
        if (!measurement.MeetsTarget)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{measurement.Scenario.Title}: {measurement.Service.Cpu:0.00} ms of CPU, target {measurement.Scenario.Target:0.0#} ms");
        }

        if (!measurement.MeetsRatio)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{measurement.Scenario.Title}: {measurement.Ratio:P0} of the floor's requests per second, target 50 %");
        }
    }

    private static List<string> Cells(Measurement measurement)
    {
        var (service, floor) = (measurement.Service, measurement.Floor);
        return
        [
            measurement.Scenario.Title, Page.Number(service.Load.PerSecond, "N0"), Page.Number(service.Load.P50, "0.0"), Page.Number(service.Load.P99, "0.0"),
            Page.Number(service.Service, "0.00"), Page.Number(service.Database, "0.00"), Page.Number(service.Cpu, "0.00"),
            Page.Number((double?)measurement.Scenario.Target, "0.0#", "≤ "),
            measurement.Scenario.Django ?? "", Page.Number(floor.Load.PerSecond, "N0"), Page.Number(measurement.Ratio, "0 %"), Page.Number(floor.Cpu, "0.00"),
        ];
    }
}

/// <summary>The machine of the run.</summary>
internal static class Machine
{
    public static string Processor => Line("/proc/cpuinfo", "model name");

    public static string Kernel => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    public static string Memory
    {
        get
        {
            var kibibytes = long.Parse(Line("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"{kibibytes / 1024.0 / 1024:0} GiB");
        }
    }

    private static string Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
