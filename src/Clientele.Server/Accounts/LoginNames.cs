namespace Clientele.Server.Accounts;

/// <summary>The names of an account for signing in, as claims.</summary>
internal static class LoginNames
{
    /// <summary>The names in the form that is compared. They are sorted, and always claimed in this order, so that two accounts cannot deadlock.</summary>
    public static string[] Of(string username, string email) =>
        [.. new[] { AccountNames.Key(username), AccountNames.Key(email) }.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>All claims that an account with these names can have: also those of earlier releases.</summary>
    public static string[] HeldBy(string username, string email) =>
        [.. Of(username, email).Concat([AccountNames.FormerKey(username), AccountNames.FormerKey(email)]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Returns how many of the names the customer has got. A simultaneous claim of the same name waits and then finds it taken.</summary>
    public static async Task<int> ClaimAsync(ClienteleDb db, IReadOnlyList<string> names, long customerId, CancellationToken cancellationToken)
    {
        var claimed = 0;
        foreach (var name in names)
        {
            claimed += await db.Database.ExecuteSqlAsync(
                $"INSERT INTO login_names (name, customer_id) VALUES ({name}, {customerId}) ON CONFLICT DO NOTHING", cancellationToken);
        }

        return claimed;
    }

    /// <summary>Gives up names of an account.</summary>
    public static async Task ReleaseAsync(ClienteleDb db, IEnumerable<string> names, long customerId, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            await db.LoginNames.Where(n => n.Name == name && n.CustomerId == customerId).ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <summary>Keeps names of an account from others without letting them sign in; without an end, lets them sign in again.</summary>
    public static async Task HoldAsync(
        ClienteleDb db, IEnumerable<string> names, long customerId, DateTime? until, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            await db.LoginNames.Where(n => n.Name == name && n.CustomerId == customerId && n.HeldUntil != until)
                .ExecuteUpdateAsync(set => set.SetProperty(n => n.HeldUntil, until), cancellationToken);
        }
    }

    /// <summary>Finds the customer who signs in with a name; null if there is no such customer.</summary>
    /// <remarks>
    /// Two accounts of earlier releases can have the same mailbox. Each is found by its own spelling: that of the second one is no longer the key of any
    /// name, so only that account can have claimed it.
    /// </remarks>
    public static async Task<long?> FindAsync(ClienteleDb db, string name, CancellationToken cancellationToken)
    {
        var (key, former) = (AccountNames.Key(name), AccountNames.FormerKey(name));
        string[] claims = AccountNames.Key(former) == former ? [key] : [former, key];
        foreach (var claim in claims)
        {
            if (await db.LoginNames.Where(n => n.Name == claim && n.HeldUntil == null).Select(n => (long?)n.CustomerId)
                .SingleOrDefaultAsync(cancellationToken) is { } id)
            {
                return id;
            }
        }

        return null;
    }
}
