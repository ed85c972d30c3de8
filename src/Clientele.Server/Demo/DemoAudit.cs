using Clientele.Server.Privacy;

namespace Clientele.Server.Demo;

/// <summary>What admins did with a customer, as the audit trail has it.</summary>
internal sealed class DemoAudit(Customer customer)
{
    private readonly List<(DateTime At, long Admin, string Action, string Member, string? From, string? To)> _changes = [];

    public void Add(DateTime at, long admin, string action, string member, string? from, string? to) => _changes.Add((at, admin, action, member, from, to));

    /// <summary>The chain of entries, oldest first, with their details.</summary>
    public IEnumerable<object> ToRows()
    {
        byte[] previous = [];
        foreach (var change in _changes.OrderBy(change => change.At))
        {
            var changes = JsonSerializer.Serialize(new Dictionary<string, object> { [change.Member] = new { from = change.From, to = change.To } });
            var details = new AuditDetails
            {
                CustomerId = customer.Id,
                Sequence = ++customer.AuditEntries,
                Salt = SHA256.HashData(BitConverter.GetBytes((customer.Id * 1000) + customer.AuditEntries))[..16],
                Network = string.Create(CultureInfo.InvariantCulture, $"203.0.113.{change.Admin % 200}"),
                Changes = changes,
            };
            var entry = new AuditEntry
            {
                CustomerId = customer.Id,
                Sequence = details.Sequence,
                At = change.At,
                ActorId = change.Admin,
                ActorRole = Roles.Admin,
                Action = change.Action,
                Resource = AuditTrail.Resource("customer", customer.Id),
                DetailsHash = AuditDetails.HashOf(details.Salt, details.Network, details.Changes),
            };
            previous = entry.Link(previous);
            yield return entry;
            yield return details;
        }
    }
}
