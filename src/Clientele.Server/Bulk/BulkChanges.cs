using Clientele.Server.Events;
using Clientele.Server.Groups;
using Clientele.Server.Privacy;

namespace Clientele.Server.Bulk;

/// <summary>What the actions do with a batch of customers. Repeating one changes nothing.</summary>
internal sealed class BulkChanges(ClienteleDb db, CustomerWrites writes, ManualMemberships memberships, AuditTrail audit, EventLog events, Caller caller)
{
    /// <summary>Changes these customers. Returns how many were changed, and who could not be.</summary>
    public async Task<(int Changed, IReadOnlyList<BulkError> Failures)> ApplyAsync(BulkJob job, List<long> ids, CancellationToken cancellationToken)
    {
        var customers = (await db.LockAllAsync<Customer>(ids, cancellationToken)).Where(c => !caller.IsHidden(c)).ToList();
        return job.Action switch
        {
            BulkAction.AddTags or BulkAction.RemoveTags => await TagAsync(job, customers, cancellationToken),
            BulkAction.AddToGroup => (await DecideAsync(job, customers, ManualDecision.Add, cancellationToken), []),
            BulkAction.RemoveFromGroup => (await DecideAsync(job, customers, ManualDecision.Remove, cancellationToken), []),
            _ => (customers.Count(customer => MakeVip(customer, job.Action == BulkAction.MakeVip)), []),
        };
    }

    private async Task<int> DecideAsync(BulkJob job, List<Customer> customers, ManualDecision decision, CancellationToken cancellationToken) =>
        customers.Count == 0
            ? 0
            : await memberships.ApplyAsync(job.GroupId!.Value, customers.ToDictionary(c => c.Id, c => c.IsActive), decision, cancellationToken);

    private bool MakeVip(Customer customer, bool vip)
    {
        var changes = customer.IsVip != vip;
        customer.IsVip = vip;
        writes.Record(customer, AuditAction.CustomerVipChanged);
        return changes;
    }

    /// <summary>The segments notice the tracked tags.</summary>
    private async Task<(int Changed, IReadOnlyList<BulkError> Failures)> TagAsync(
        BulkJob job, List<Customer> customers, CancellationToken cancellationToken)
    {
        var ids = customers.Select(customer => customer.Id).ToArray();
        var stored = (await db.CustomerTags.AsTracking().Where(t => ids.Contains(t.CustomerId)).ToListAsync(cancellationToken)).ToLookup(tag => tag.CustomerId);
        var tags = job.TagList().ToDictionary(tag => TextFolding.NameKey(tag));
        var (changed, failures) = (0, new List<BulkError>());
        foreach (var customer in customers)
        {
            CustomerTag[] old = [.. stored[customer.Id].OrderBy(tag => tag.TagKey, StringComparer.Ordinal)];
            CustomerTag[] current = job.Action == BulkAction.AddTags
                ? [.. old, .. tags.Where(tag => !Array.Exists(old, known => known.TagKey == tag.Key)).Select(tag => New(customer, tag.Key, tag.Value))]
                : [.. old.Where(tag => !tags.ContainsKey(tag.TagKey))];
            if (current.Length > Math.Max(CustomerTags.Most, old.Length))
            {
                failures.Add(new() { Customer = customer.Id, Message = CustomerTags.TooMany });
            }
            else if (current.Length != old.Length)
            {
                db.RemoveRange(old.Except(current));
                db.AddRange(current.Except(old));
                CustomerTags.Record(audit, events, db, customer, old.Select(tag => tag.Tag), [.. current.Select(tag => tag.Tag)]);
                writes.IncreaseVersion(customer);
                changed++;
            }
        }

        return (changed, failures);
    }

    private static CustomerTag New(Customer customer, string key, string tag) => new() { CustomerId = customer.Id, TagKey = key, Tag = tag };
}
