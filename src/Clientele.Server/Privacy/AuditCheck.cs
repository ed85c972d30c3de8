using System.Runtime.CompilerServices;
using Clientele.Server.Operations;

namespace Clientele.Server.Privacy;

/// <summary>Verifies all chains of audit entries, and reports the rows that were changed, removed, inserted or moved.</summary>
internal sealed class AuditCheck(ClienteleDb db) : ICustomerCheck, ICheck
{
    /// <summary>Each fault names a row that somebody has tampered with.</summary>
    public bool ReportsAll => true;

    public async IAsyncEnumerable<(long Customer, string Fault)> FaultsAsync(
        long after, long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var counted = await db.Customers.TagWith(Check.Everything).Where(c => c.Id > after && c.Id <= upTo).OrderBy(c => c.Id)
            .Select(c => new { c.Id, c.AuditEntries }).ToDictionaryAsync(c => c.Id, c => c.AuditEntries, cancellationToken);
        var stored = db.AuditDetails.Where(d => d.CustomerId > after && d.CustomerId <= upTo);
        var rows = db.AuditEntries.Where(e => e.CustomerId > after && e.CustomerId <= upTo)
            .LeftJoin(stored, e => new { e.CustomerId, e.Sequence }, d => new { d.CustomerId, d.Sequence }, (entry, details) => new { entry, details })
            .OrderBy(row => row.entry.CustomerId).ThenBy(row => row.entry.Sequence).TagWith(Check.Everything);
        foreach (var chain in (await rows.ToListAsync(cancellationToken)).GroupBy(row => row.entry.CustomerId))
        {
            long? count = counted.Remove(chain.Key, out var known) ? known : null;
            var details = chain.Select(row => Fault(row.entry, row.details, isThere: count is not null)).OfType<string>();
            foreach (var fault in new AuditChain([.. chain.Select(row => row.entry)], count, AuditAction.CustomerErased).Faults().Concat(details))
            {
                yield return (chain.Key, fault);
            }
        }

        foreach (var (customer, count) in counted.Where(one => one.Value > 0))
        {
            yield return (customer, string.Create(CultureInfo.InvariantCulture, $"all {count} audit entries are missing"));
        }

        foreach (var orphan in await OrphansAsync(after, upTo, cancellationToken))
        {
            yield return orphan;
        }
    }

    /// <summary>The faults in the chains of groups, including deleted ones.</summary>
    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        var counted = await db.Groups.ToDictionaryAsync(g => g.Id, g => g.AuditEntries, cancellationToken);
        var chains = await db.GroupAuditEntries.OrderBy(e => e.GroupId).ThenBy(e => e.Sequence).ToListAsync(cancellationToken);
        foreach (var chain in chains.GroupBy(entry => entry.GroupId))
        {
            var details = chain.Where(entry => !AuditDetails.HashOf([], entry.Network, entry.Changes, entry.ActorName).SequenceEqual(entry.DetailsHash))
                .Select(entry => string.Create(CultureInfo.InvariantCulture, $"the network or the changes of audit entry {entry.Sequence} have been changed"));
            var audit = new AuditChain([.. chain], counted.Remove(chain.Key, out var count) ? count : null, AuditTrail.GroupDeleted);
            foreach (var fault in audit.Faults().Concat(details))
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"Group {chain.Key}: {fault}."));
            }
        }

        foreach (var (group, count) in counted.Where(one => one.Value > 0))
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"Group {group}: all {count} audit entries are missing."));
        }
    }

    private static string? Fault(AuditEntry entry, AuditDetails? details, bool isThere) => details switch
    {
        null when isThere => string.Create(CultureInfo.InvariantCulture, $"the details of audit entry {entry.Sequence} are missing"),
        not null when !AuditDetails.HashOf(details.Salt, details.Network, details.Changes, details.ActorName).SequenceEqual(entry.DetailsHash) =>
            string.Create(CultureInfo.InvariantCulture, $"the details of audit entry {entry.Sequence} have been changed"),
        _ => null,
    };

    private async Task<List<(long Customer, string Fault)>> OrphansAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        var orphans = await db.AuditDetails.Where(d => d.CustomerId > after && d.CustomerId <= upTo)
            .Where(d => !db.AuditEntries.Any(e => e.CustomerId == d.CustomerId && e.Sequence == d.Sequence))
            .OrderBy(d => d.CustomerId).ThenBy(d => d.Sequence).Select(d => new { d.CustomerId, d.Sequence }).TagWith(Check.Everything)
            .ToListAsync(cancellationToken);
        return orphans.ConvertAll(orphan =>
            (orphan.CustomerId, string.Create(CultureInfo.InvariantCulture, $"the details of audit entry {orphan.Sequence} belong to no entry")));
    }
}
