using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Clientele.Bench.Browser;

/// <summary>What was measured several times.</summary>
/// <param name="Budget">The most that the median may be; null for no limit.</param>
/// <param name="IsForWorst">The budget is for the worst, and not for the median.</param>
internal sealed record ConsoleFigure(string Title, IReadOnlyList<double> Values, string Format, double? Budget, bool IsForWorst = false)
{
    public bool IsWithin => Budget is null || At(IsForWorst ? 1 : 0.5) <= Budget;

    public string[] Cells => [Title, Text(At(0.5)), Text(At(0)), Text(At(1)), Budget is { } most ? Text(most) : ""];

    private double At(double share)
    {
        var sorted = Values.Order().ToList();
        return sorted[(int)(share * (sorted.Count - 1))];
    }

    private string Text(double value) => value.ToString(Format, CultureInfo.InvariantCulture);
}

/// <summary>The console's figures, for the terminal and as a section of docs/benchmarks.md.</summary>
internal sealed class ConsoleReport(ConsoleOptions options, IReadOnlyList<ConsoleFigure> figures)
{
    private static readonly string[] Columns = ["", "median", "best", "worst", "budget"];

    public Table Table() => Page.Table(Columns, figures.Select(figure => figure.IsWithin ? figure.Cells : [.. figure.Cells.Select(cell => $"[red]{cell}[/]")]));

    /// <summary>Replaces the section of the page.</summary>
    public Task WriteAsync(string postgres, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        Page.Append(text, Columns, figures.Select(figure => figure.Cells));
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            - Chromium, the service and the database share the machine. The loads are measured on SQLite. The demo shop has {options.Customers:N0} customers.
            - A first load is that of a new browser, until one can type a name on the sign-in page. The others open the console in another tab,
              signed in, with the files from the cache, until one can type what to search for. The browser keeps the compiled code of the runtime when it
              has been used a few times, so the second to fourth load are slower than all later ones.
            - Somebody types a key every 120 ms. The times include the pauses after which the console asks the service: 150 ms in the search, 200 ms
              in the segment builder.
            - The clicks are those on each place of the navigation, on the tabs of a customer, and on what opens a menu or a dialog: each is the first one
              on a page that was just loaded, three times, and its median counts. The budget is for the slowest of them. What the service is asked for
              then is not waited for.
            """);
        return Page.ReplaceAsync(Page.Console, options.Command, postgres, text.ToString(), cancellationToken);
    }
}
