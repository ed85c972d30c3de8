using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>The list of customers as it was left, for the way back to it. It is in memory, and forgotten when somebody signs out.</summary>
internal sealed class CustomersPlace
{
    private Kept? _kept;

    public CustomersPlace(SignedIn signedIn) => signedIn.Changed += () =>
    {
        if (signedIn.Me is null)
        {
            _kept = null;
        }
    };

    /// <summary>Keeps a list that is left.</summary>
    public void Keep(Kept list) => _kept = list;

    /// <summary>The list with these filters; null if another one was left last.</summary>
    public Kept? Find(string filters) => _kept?.Filters == filters ? _kept : null;

    /// <param name="Filters">The query string of the page.</param>
    /// <param name="Rows">The rows that were loaded.</param>
    /// <param name="Next">The cursor of the rows after them.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="IsEstimate">Whether the number is an estimate.</param>
    internal sealed record Kept(string Filters, IReadOnlyList<CustomerSummary> Rows, string? Next, long? Count, bool IsEstimate);
}
