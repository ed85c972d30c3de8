using Clientele.Server.Operations;

namespace Clientele.Server.Customers;

/// <summary>Compares the counters with the customers.</summary>
internal sealed class CounterCheck(ClienteleDb db) : ICheck
{
    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        var customers = db.Customers.TagWith(Check.Everything);
        var admins = customers.Where(c => c.IsStaff && c.IsActive);
        foreach (var (name, counted) in new[] { (Counter.CustomersName, customers), (Counter.ActiveAdmins, admins) })
        {
            var (kept, rows) = (await Counter.ReadAsync(db, name, cancellationToken), await counted.LongCountAsync(cancellationToken));
            if (kept != rows)
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"The counter {name} is {kept}, but there are {rows}."));
            }
        }
    }
}
