using System.Runtime.CompilerServices;
using Clientele.Server.Operations;

namespace Clientele.Server.Addresses;

/// <summary>Finds addresses whose state or postal code does not fit the country, for example because a newer release knows more of its rules.</summary>
internal sealed class AddressCheck(ClienteleDb db) : ICustomerCheck
{
    public async IAsyncEnumerable<(long Customer, string Fault)> FaultsAsync(
        long after, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var addresses = db.Addresses.TagWith(Check.Everything).Where(a => a.CustomerId > after && a.CustomerId <= upTo)
            .OrderBy(a => a.CustomerId).ThenBy(a => a.Id).AsAsyncEnumerable();
        await foreach (var address in addresses.WithCancellation(cancellationToken))
        {
            address.BringUpToDate();
            var parts = AddressValidation.Check(new(address.AddressLine1, null, address.City, address.State, address.PostalCode, address.Country));
            foreach (var member in parts.Errors.Keys)
            {
                yield return (
                    address.CustomerId,
                    string.Create(CultureInfo.InvariantCulture, $"address {address.Id} has a {member} that does not fit its country"));
            }
        }
    }
}
