namespace Clientele.Server.Accounts;

/// <summary>The names of an account for signing in, as claims.</summary>
internal static class LoginNames
{
    /// <summary>The names in the form that is compared. They are sorted, and always claimed in this order, so that two accounts cannot deadlock.</summary>
    public static string[] Of(string username, string email) =>
        [.. new[] { TextFolding.NameKey(username), TextFolding.NameKey(email) }.Distinct().Order(StringComparer.Ordinal)];

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
}
