namespace Clientele.Server.Customers;

/// <summary>Finds customers by the references that other systems use.</summary>
internal sealed class CustomerLookup(ClienteleDb db)
{
    /// <summary>Finds the ids of the referenced customers. An id in digits is not checked here; locking the row shows whether it exists.</summary>
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
            else if (reference.Text.Contains('@', StringComparison.Ordinal))
            {
                // A login name with an @ is an e-mail, or a username that equals the e-mail.
                emails[reference] = TextFolding.NameKey(reference.Text);
            }
        }

        if (uuids.Count > 0)
        {
            var known = await db.CustomerUuids.Where(u => uuids.Values.Contains(u.Uuid)).ToDictionaryAsync(u => u.Uuid, u => u.CustomerId, cancellationToken);
            Add(uuids, known, found);
        }

        if (emails.Count > 0)
        {
            var known = await db.LoginNames.Where(n => emails.Values.Contains(n.Name)).ToDictionaryAsync(n => n.Name, n => n.CustomerId, cancellationToken);
            Add(emails, known, found);
        }

        return found;
    }

    /// <summary>Whether the reference names an account for good. An e-mail can change, and somebody else can have it later.</summary>
    public static bool IsLasting(CustomerReference reference) => IsId(reference, out _) || Guid.TryParse(reference.Text, out _);

    private static bool IsId(CustomerReference reference, out long id) =>
        long.TryParse(reference.Text, NumberStyles.None, CultureInfo.InvariantCulture, out id);

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
