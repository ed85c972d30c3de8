using System.Text.Json.Nodes;
using Clientele.Server.Events;
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

    /// <summary>Writes the audit entry and the event of a change.</summary>
    public static void Record(
        AuditTrail audit, EventLog events, ClienteleDb db, Customer customer, IEnumerable<string> old, IReadOnlyCollection<string> current)
    {
        audit.Record(
            customer.Id,
            AuditAction.CustomerTagged,
            AuditTrail.Resource("customer", customer.Id),
            new Dictionary<string, (object?, object?)> { ["tags"] = (string.Join(", ", old), string.Join(", ", current)) });
        var tags = new JsonArray([.. current.OrderBy(TextFolding.NameKey, StringComparer.Ordinal).Select(tag => JsonValue.Create(tag))]);
        events.Update(db, customer, new JsonObject { ["tags"] = tags });
    }
}
