using Clientele.Server.Operations;

namespace Clientele.Server.Customers;

/// <summary>Compares the counters with the customers.</summary>
internal sealed class CounterCheck(ClienteleDb db) : ICheck
{
    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        await findings.CompareAsync(db, Counter.CustomersName, db.Customers, cancellationToken);
        await findings.CompareAsync(db, Counter.ActiveAdmins, db.Customers.Where(c => c.IsStaff && c.IsActive), cancellationToken);
    }
}
