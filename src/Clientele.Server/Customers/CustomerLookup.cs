using Clientele.Server.Accounts;

namespace Clientele.Server.Customers;

/// <summary>Finds customers by the references that other systems use.</summary>
internal sealed class CustomerLookup(ClienteleDb db)
{
    /// <summary>
    /// Finds the ids of the referenced customers. An id in digits is not checked here; locking the row shows whether it exists. An e-mail finds only an
    /// account that has proven it: anybody can register somebody else's address.
    /// </summary>
    public async Task<Dictionary<CustomerReference, long>> FindAsync(IEnumerable<CustomerReference> references, CancellationToken cancellationToken)
    {
        var found = new Dictionary<CustomerReference, long>();
        var uuids = new Dictionary<CustomerReference, Guid>();
        var emails = new Dictionary<CustomerReference, string>();
        foreach (var reference in references.Distinct())
        {
            if (IsId(reference, out var id))
            {
                found[reference] = id;
            }
            else if (Guid.TryParse(reference.Text, out var uuid))
            {
                uuids[reference] = uuid;
            }
            else if (AccountNames.Tidy(reference.Text).Contains('@', StringComparison.Ordinal))
            {
                emails[reference] = AccountNames.Key(reference.Text);
            }
        }

        if (uuids.Count > 0)
        {
            var known = await db.CustomerUuids.Where(u => uuids.Values.Contains(u.Uuid)).ToDictionaryAsync(u => u.Uuid, u => u.CustomerId, cancellationToken);
            Add(uuids, known, found);
        }

        if (emails.Count > 0)
        {
            Add(emails, await FindProvenAsync([.. emails.Values], cancellationToken), found);
        }

        return found;
    }

    /// <summary>Whether the reference always names the same account. An e-mail can change, and later belong to another account.</summary>
    public static bool IsLasting(CustomerReference reference) => IsId(reference, out _) || Guid.TryParse(reference.Text, out _);

    /// <summary>The problem of a new record whose customer is not known.</summary>
    /// <param name="record">What the record is, such as "order".</param>
    public static Problem Unknown(string record) => Refusal(
        "customer_unknown", $"There is no such customer. A new {record} needs the id, the uuid or the proven e-mail of an account.");

    /// <summary>The problem of a new record without a customer.</summary>
    public static Problem Missing(string record) => Refusal(
        "validation_failed", $"A new {record} needs its customer: the id, the uuid or the proven e-mail of an account.");

    /// <summary>The problem of a known record that now names another customer.</summary>
    public static Problem Changed(string record) => Refusal("customer_changed", $"The {record} belongs to another customer, and that cannot change.");

    /// <summary>Finds the accounts by the claims of their names. A claim can also be a username: only the account's own, proven address counts.</summary>
    private async Task<Dictionary<string, long>> FindProvenAsync(string[] emails, CancellationToken cancellationToken)
    {
        var claimed = await db.LoginNames.Where(n => emails.Contains(n.Name)).ToDictionaryAsync(n => n.Name, n => n.CustomerId, cancellationToken);
        var ids = claimed.Values.Distinct().ToArray();
        var proven = ids.Length == 0
            ? []
            : await db.Customers.Where(c => ids.Contains(c.Id) && c.IsVerified).Select(c => new { c.Id, c.Email })
                .ToDictionaryAsync(c => c.Id, c => AccountNames.Key(c.Email), cancellationToken);
        return claimed.Where(claim => proven.GetValueOrDefault(claim.Value) == claim.Key).ToDictionary();
    }

    private static bool IsId(CustomerReference reference, out long id) =>
        long.TryParse(reference.Text, NumberStyles.None, CultureInfo.InvariantCulture, out id);

    private static Problem Refusal(string code, string message) =>
        new(code, message) { Errors = new Dictionary<string, string[]> { ["customer"] = [message] } };

    private static void Add<TKey>(Dictionary<CustomerReference, TKey> asked, Dictionary<TKey, long> known, Dictionary<CustomerReference, long> found)
        where TKey : notnull
    {
        foreach (var (reference, key) in asked)
        {
            if (known.TryGetValue(key, out var id))
            {
                found[reference] = id;
            }
        }
    }
}
