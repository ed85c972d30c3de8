using Clientele.Server.Groups;
using Clientele.Server.Operations;

namespace Clientele.Server.Segments;

/// <summary>Compares the stored members with a fresh evaluation, except customers who are waiting to be evaluated.</summary>
internal sealed class SegmentCheck(ClienteleDb db, SegmentRules rules, TimeProvider clock) : ICheck
{
    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        foreach (var segment in GroupGraph.InOrder(await rules.ReadAsync(db, cancellationToken)).Where(segment => segment.CanBeEvaluated))
        {
            // Customers who are queued, or who are affected because time has passed since the sweep, are about to be evaluated.
            var waiting = (await db.SegmentChanges.TagWith(Check.Everything).Where(c => c.GroupId == SegmentChange.AllGroups || c.GroupId == segment.GroupId)
                .Select(c => c.CustomerId).Distinct().ToListAsync(cancellationToken)).ToHashSet();
            foreach (var due in segment.SweptAt is { } swept && swept < now ? segment.Rule!.Due(swept, now) : [])
            {
                waiting.UnionWith(await due.Ids(db).TagWith(Check.Everything).ToListAsync(cancellationToken));
            }

            var drifted = (await DriftedAsync(segment, now, cancellationToken)).Where(id => !waiting.Contains(id)).Order().ToList();
            findings.Add($"customers whose membership of group {segment.GroupId} does not match its rule", drifted);
        }
    }

    private async Task<IEnumerable<long>> DriftedAsync(LiveSegment segment, DateTime now, CancellationToken cancellationToken)
    {
        var (group, matches, tests) = (segment.GroupId, segment.Rule!.Matches(db, now), segment.Rule.TestsActivity);
        var rows = db.Memberships.Where(m => m.GroupId == group);
        var missing = await db.Customers.TagWith(Check.Everything).Where(matches)
            .Where(c => !rows.Any(m => m.CustomerId == c.Id && (m.IsMember || m.Origin == MembershipOrigin.Excluded)))
            .Select(c => c.Id).ToListAsync(cancellationToken);
        var wrong = await rows.TagWith(Check.Everything).Where(m =>
            (m.Origin == MembershipOrigin.Excluded && m.IsMember)
            || (m.Origin == MembershipOrigin.Included && m.IsMember != db.Customers.Any(c => c.Id == m.CustomerId && (tests || c.IsActive))))
            .Select(m => m.CustomerId).ToListAsync(cancellationToken);
        var surplus = await rows.TagWith(Check.Everything)
            .Where(m => m.Origin == MembershipOrigin.Rule && !(m.IsMember && db.Customers.Where(matches).Any(c => c.Id == m.CustomerId)))
            .Select(m => m.CustomerId).ToListAsync(cancellationToken);
        return missing.Union(wrong).Union(surplus);
    }
}
