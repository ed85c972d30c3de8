using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Rules;
using Clientele.Server.Segments;

namespace Clientele.Server.Customers;

/// <summary>
/// Brings what earlier releases stored into the form of this one: phone numbers, claims of names, and the texts that searches and rules compare. What
/// cannot be converted stays as it is, and <see cref="CustomerFormsCheck"/> lists it.
/// </summary>
internal sealed class CustomerForms(ClienteleDb db, CustomerWrites writes, SegmentQueue queue, TimeProvider clock) : ISweep
{
    /// <summary>The texts in the form that rules compare.</summary>
    private static readonly (string Key, Facets Facet)[] Compared =
    [
        (nameof(Customer.UsernameKey), Facets.Username), (nameof(Customer.EmailKey), Facets.Email), (nameof(Customer.FirstNameKey), Facets.FirstName),
        (nameof(Customer.LastNameKey), Facets.LastName), (nameof(Customer.GenderKey), Facets.Gender), (nameof(Customer.SourceKey), Facets.Source),
    ];

    public string Name => "text forms";

    public string Fingerprint => "1";

    public async Task<long?> RunAsync(long after, int most, CancellationToken cancellationToken)
    {
        var ids = await db.Customers.TagWith("scatter: the next customers").Where(c => c.Id > after).OrderBy(c => c.Id).Select(c => c.Id).Take(most)
            .ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return null;
        }

        var customers = await db.LockAllAsync<Customer>(ids, cancellationToken);
        var addresses = await db.Addresses.AsTracking().Where(a => ids.Contains(a.CustomerId) && a.Phone != null).ToListAsync(cancellationToken);
        var addressesOf = addresses.ToLookup(address => address.CustomerId);
        foreach (var customer in customers)
        {
            ConvertPhones(customer, addressesOf[customer.Id]);
            await ConvertNamesAsync(customer, cancellationToken);
        }

        return ids.Count == most ? ids[^1] : null;
    }

    private void ConvertPhones(Customer customer, IEnumerable<Address> addresses)
    {
        var isConverted = false;
        foreach (var address in addresses)
        {
            if (Converted(address.Phone) is { } phone)
            {
                (address.Phone, address.Version, address.UpdatedAt, isConverted) = (phone, address.Version + 1, clock.Now(), true);
            }
        }

        if (Converted(customer.Phone) is { } own)
        {
            (customer.Phone, isConverted) = (own, true);
        }

        if (isConverted)
        {
            writes.IncreaseVersion(customer);
        }
    }

    private async Task ConvertNamesAsync(Customer customer, CancellationToken cancellationToken)
    {
        await ClaimAsync(customer, cancellationToken);
        customer.DeriveKeys();
        var entry = db.Entry(customer);
        var facets = Compared.Where(text => entry.Property(text.Key).IsModified).Aggregate(Facets.None, (all, text) => all | text.Facet);
        if (facets != Facets.None)
        {
            await queue.TouchAsync(db, customer.Id, facets, cancellationToken);
        }
    }

    /// <summary>The number in the form of this release; null if it already has it, or cannot have it.</summary>
    private static string? Converted(string? phone) =>
        phone is not null && PhoneNumbers.TryNormalise(phone, region: null, out var converted) && converted != phone ? converted : null;

    /// <summary>Claims the names in the form of this release. The former claims stay if another account has one of them: both can still sign in.</summary>
    private async Task ClaimAsync(Customer customer, CancellationToken cancellationToken)
    {
        var names = LoginNames.Of(customer.Username, customer.Email);
        string[] former = [.. LoginNames.HeldBy(customer.Username, customer.Email).Except(names)];
        if (former.Length == 0)
        {
            return;
        }

        await LoginNames.ClaimAsync(db, names, customer.Id, cancellationToken);
        if (await db.LoginNames.CountAsync(n => names.Contains(n.Name) && n.CustomerId == customer.Id, cancellationToken) == names.Length)
        {
            await LoginNames.ReleaseAsync(db, former, customer.Id, cancellationToken);
        }
    }
}
