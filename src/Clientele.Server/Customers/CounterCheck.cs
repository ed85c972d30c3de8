using Clientele.Server.Operations;

namespace Clientele.Server.Customers;

/// <summary>Compares the counters with the customers.</summary>
internal sealed class CounterCheck(ClienteleDb db) : ICheck
{
    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        var customers = db.Customers.TagWith(Check.Everything);
        await CompareAsync(findings, Counter.CustomersName, await customers.LongCountAsync(cancellationToken), cancellationToken);
        await CompareAsync(findings, Counter.ActiveAdmins, await customers.LongCountAsync(c => c.IsStaff && c.IsActive, cancellationToken), cancellationToken);
    }

    private async Task CompareAsync(Findings findings, string name, long rows, CancellationToken cancellationToken)
    {
        var kept = await Counter.ReadAsync(db, name, cancellationToken);
        if (kept != rows)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"The counter {name} is {kept}, but there are {rows}."));
        }
    }
}
