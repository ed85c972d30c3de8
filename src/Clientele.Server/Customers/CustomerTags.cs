using Clientele.Server.Privacy;

namespace Clientele.Server.Customers;

/// <summary>The tags of customers: what is valid, and how a change is recorded.</summary>
internal static class CustomerTags
{
    public const int Most = 100;
    private const int Longest = 50;

    /// <summary>Says that a customer would have too many.</summary>
    public static readonly string TooMany = $"At most {Most} tags.";

    /// <summary>The tags by their keys. Stored tags stay valid, whatever earlier releases allowed.</summary>
    public static Dictionary<string, string> Checked(IReadOnlyList<string> tags, IReadOnlyList<string> stored, Errors errors)
    {
        var keyed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            var isStored = stored.Contains(tag);
            var trimmed = isStored || VisibleText.IsBlank(tag) ? tag : tag.Trim();
            if (!isStored && (VisibleText.IsBlank(trimmed) || VisibleText.Length(trimmed) > Longest))
            {
                errors.Add("tags", $"Tags have 1 to {Longest} characters.");
                break;
            }

            if (!isStored && VisibleText.Complaint(trimmed) is { } complaint)
            {
                errors.Add("tags", complaint);
                break;
            }

            keyed.TryAdd(TextFolding.NameKey(trimmed), trimmed);
        }

        errors.Require(keyed.Count <= Math.Max(Most, stored.Count), "tags", TooMany);
        return keyed;
    }

    public static void Record(AuditTrail audit, long customerId, IEnumerable<string> old, IEnumerable<string> current) => audit.Record(
        customerId,
        AuditAction.CustomerTagged,
        AuditTrail.Resource("customer", customerId),
        new Dictionary<string, (object?, object?)> { ["tags"] = (string.Join(", ", old), string.Join(", ", current)) });
}
