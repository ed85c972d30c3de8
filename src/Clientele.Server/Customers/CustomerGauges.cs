namespace Clientele.Server.Customers;

/// <summary>The size of the customer base.</summary>
internal sealed class CustomerGauges(ClienteleDb db) : IDatabaseGauges
{
    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken) =>
    [
        new("clientele.customers.count", "{customer}", "How many customers there are.",
            await Counter.ReadAsync(db, Counter.CustomersName, cancellationToken)),
    ];
}
