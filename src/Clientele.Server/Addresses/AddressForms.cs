namespace Clientele.Server.Addresses;

/// <summary>Brings the states and postal codes that an earlier release stored into today's form.</summary>
internal sealed class AddressForms(ClienteleDb db, CustomerWrites writes, TimeProvider clock) : ISweep
{
    public string Name => "addresses";

    public string Fingerprint => Address.CurrentForm.ToString(CultureInfo.InvariantCulture);

    public async Task<long?> RunAsync(long after, int most, CancellationToken cancellationToken)
    {
        var last = await db.Addresses.TagWith("scatter: the last customer with addresses").MaxAsync(a => (long?)a.CustomerId, cancellationToken) ?? 0;
        var ids = await db.Addresses.TagWith("scatter: addresses of an earlier form")
            .Where(a => a.CustomerId > after && a.CustomerId <= after + Sweep.Stretch && a.Form < Address.CurrentForm)
            .Select(a => a.CustomerId).Distinct().OrderBy(id => id).Take(most).ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return Sweep.Next(after, ids, most, last);
        }

        var customers = (await db.LockAllAsync<Customer>(ids, cancellationToken)).ToDictionary(customer => customer.Id);
        var now = clock.Now();
        foreach (var address in await db.Addresses.AsTracking().Where(a => ids.Contains(a.CustomerId) && a.Form < Address.CurrentForm)
            .ToListAsync(cancellationToken))
        {
            var before = (address.State, address.PostalCode);
            address.BringUpToDate();
            if ((address.State, address.PostalCode) == before)
            {
                // Nothing that rules read has changed, so the customer need not be evaluated.
                db.Entry(address).State = EntityState.Unchanged;
            }
            else
            {
                address.Version++;
                address.UpdatedAt = now;
                writes.IncreaseVersion(customers[address.CustomerId]);
            }
        }

        await db.Addresses.Where(a => ids.Contains(a.CustomerId) && a.Form < Address.CurrentForm)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Form, Address.CurrentForm), cancellationToken);
        return Sweep.Next(after, ids, most, last);
    }
}
