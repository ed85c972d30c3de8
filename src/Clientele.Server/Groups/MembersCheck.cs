using Clientele.Server.Operations;

namespace Clientele.Server.Groups;

/// <summary>Compares members_count with the members. Groups are on one machine and members may be on several, so the two are read separately.</summary>
internal sealed class MembersCheck(ClienteleDb db) : ICheck
{
    public async Task RunAsync(Findings findings, CancellationToken cancellationToken)
    {
        var members = await db.Memberships.TagWith(Check.Everything).Where(m => m.IsMember).GroupBy(m => m.GroupId)
            .Select(group => new { Id = group.Key, Members = group.LongCount() })
            .ToDictionaryAsync(group => group.Id, group => group.Members, cancellationToken);
        var kept = await db.GroupCounts.ToDictionaryAsync(count => count.GroupId, count => count.Members, cancellationToken);
        var groups = await db.Groups.Select(g => g.Id).ToListAsync(cancellationToken);
        var wrong = groups.Union(members.Keys).Where(id => !kept.TryGetValue(id, out var count) || count != members.GetValueOrDefault(id));
        findings.Add("groups whose members_count differs from the number of their members", [.. wrong.Order()]);
    }
}
