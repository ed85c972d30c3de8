using System.Runtime.CompilerServices;
using Clientele.Server.Accounts;
using Clientele.Server.Operations;

namespace Clientele.Server.Customers;

/// <summary>Lists what <see cref="CustomerForms"/> cannot convert: names that belong to two accounts, and phone numbers that nobody can dial.</summary>
internal sealed class CustomerFormsCheck(ClienteleDb db) : ICustomerCheck
{
    public async IAsyncEnumerable<(long Customer, string Fault)> FaultsAsync(
        long after, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var customers = await db.Customers.TagWith(Check.Everything).Where(c => c.Id > after && c.Id <= upTo).OrderBy(c => c.Id)
            .Select(c => new { c.Id, c.Username, c.Email, c.Phone }).ToListAsync(cancellationToken);
        var names = customers.ConvertAll(c => (c.Id, Names: LoginNames.Of(c.Username, c.Email)));
        string[] all = [.. names.SelectMany(own => own.Names).Distinct()];
        var owners = await db.LoginNames.TagWith(Check.Everything).Where(n => all.Contains(n.Name))
            .ToDictionaryAsync(n => n.Name, n => n.CustomerId, cancellationToken);
        foreach (var (id, own) in names)
        {
            foreach (var other in own.Select(name => owners.GetValueOrDefault(name, id)).Where(owner => owner != id).Distinct())
            {
                yield return (id, string.Create(CultureInfo.InvariantCulture, $"customer {other} has the same username or e-mail, in another spelling"));
            }
        }

        var phones = await db.Addresses.TagWith(Check.Everything).Where(a => a.CustomerId > after && a.CustomerId <= upTo && a.Phone != null)
            .OrderBy(a => a.CustomerId).ThenBy(a => a.Id).Select(a => new { a.CustomerId, a.Id, a.Phone }).ToListAsync(cancellationToken);
        foreach (var customer in customers.Where(c => c.Phone is not null && !PhoneNumbers.TryNormalise(c.Phone, region: null, out _)))
        {
            yield return (customer.Id, "the phone number cannot be dialled");
        }

        foreach (var address in phones.Where(a => !PhoneNumbers.TryNormalise(a.Phone, region: null, out _)))
        {
            yield return (address.CustomerId, string.Create(CultureInfo.InvariantCulture, $"the phone number of address {address.Id} cannot be dialled"));
        }
    }
}
