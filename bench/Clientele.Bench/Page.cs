using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Clientele.Bench;

/// <summary>docs/benchmarks.md: the results of <c>bin/bench</c>, followed by the sections of its other runs.</summary>
internal static class Page
{
    public const string Ledger = "## The points ledger";
    public const string Segments = "## Segments";
    public const string Hostile = "## Hostile bodies";
    public const string Fuzz = "## Random requests";
    public const string Flood = "## A flood of sign-ins";
    public const string Enumeration = "## Known and unknown accounts";
    public const string Console = "## The console";
    public const string Webhooks = "## A dead receiver of webhooks";
    private static readonly string[] Headings = [Ledger, Segments, Hostile, Fuzz, Flood, Enumeration, Console, Webhooks];

    public static string Path { get; } = System.IO.Path.Combine("docs", "benchmarks.md");

    /// <summary>The commit that is measured.</summary>
    public static string Commit => Environment.GetEnvironmentVariable("CLIENTELE_BENCH_COMMIT") ?? "unknown";

    /// <summary>The sections of other runs; empty if there are none.</summary>
    public static async Task<string> SectionsAsync(CancellationToken cancellationToken) => Joined(Sections(await ReadAsync(cancellationToken)));

    /// <summary>Replaces a section of the page.</summary>
    public static async Task ReplaceAsync(string heading, string command, string? postgres, string text, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(cancellationToken);
        var sections = Sections(page);
        var others = page[..(page.Length - string.Concat(sections.Values).Length)].TrimEnd();
        var versions = $"{RuntimeInformation.FrameworkDescription}, {(postgres is null ? "SQLite" : $"PostgreSQL {postgres}")}";
        sections[heading] = string.Create(CultureInfo.InvariantCulture, $"""
            {heading}

            Made by `{command}` on {DateTime.UtcNow:d MMMM yyyy} with {versions}, {Environment.ProcessorCount} cores, commit {Commit}.

            {text.TrimEnd()}

            """);
        await File.WriteAllTextAsync(Path, $"{others}\n\n{Joined(sections)}", cancellationToken);
    }

    public static Table Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        return table;
    }

    public static void Append(StringBuilder text, string[] columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        text.Append("| ").AppendJoin(" | ", columns).AppendLine(" |");
        text.Append("| --- ").Insert(text.Length, "| ---: ", columns.Length - 1).AppendLine("|");
        foreach (var row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row).AppendLine(" |");
        }

        text.AppendLine();
    }

    public static string Number(double? value, string format, string prefix = "") =>
        value is { } number ? prefix + number.ToString(format, CultureInfo.InvariantCulture) : "";

    private static async Task<string> ReadAsync(CancellationToken cancellationToken) =>
        File.Exists(Path) ? await File.ReadAllTextAsync(Path, cancellationToken) : "# Benchmarks\n";

    private static string Joined(SortedDictionary<string, string> sections) => string.Join("\n", sections.Values.Select(section => $"{section.TrimEnd()}\n"));

    /// <summary>The sections at the end of the page, in any order.</summary>
    private static SortedDictionary<string, string> Sections(string page)
    {
        var starts = Headings
            .Select(heading => (Heading: heading, At: page.IndexOf($"\n{heading}\n", StringComparison.Ordinal) + 1))
            .Where(found => found.At > 0).OrderBy(found => found.At).ToList();
        return new(
            starts
                .Select((found, i) => (found.Heading, Text: page[found.At..(i + 1 < starts.Count ? starts[i + 1].At : page.Length)]))
                .ToDictionary(found => found.Heading, found => found.Text),
            Comparer<string>.Create((one, other) => Array.IndexOf(Headings, one).CompareTo(Array.IndexOf(Headings, other))));
    }
}
