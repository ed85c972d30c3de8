using System.Globalization;
using Clientele.Server.Loyalty;
using Clientele.Server.Privacy;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clientele.Server.Data;

/// <summary>Recomputes derived data from the rows and reports where the stored data differs.</summary>
internal sealed class Check(ClienteleDb db, CustomerCheck customers, AuditCheck audit, SegmentCheck segments, IOptions<Programme> programme, TimeProvider clock)
{
    private const int Shown = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);
    private const string Everything = "scatter: the check reads everything";

    /// <summary>The number of customers to check.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => Counter.ReadAsync(db, Counter.CustomersName, cancellationToken);

    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken, Action<int>? progress = null)
    {
        var findings = new List<string>();

        // One snapshot, so that simultaneous writes are not reported as differences.
        await using var snapshot = await db.ReadSnapshotAsync(cancellationToken);
        await db.AllowAsync(Patience, cancellationToken);
        await customers.RunAsync(findings, progress ?? (_ => { }), cancellationToken);
        await TiersAsync(findings, cancellationToken);
        await CountersAsync(findings, cancellationToken);
        await segments.RunAsync(findings, cancellationToken);
        findings.AddRange(await audit.GroupFaultsAsync(cancellationToken));
        return findings;
    }

    private async Task TiersAsync(List<string> findings, CancellationToken cancellationToken)
    {
        await ReportAsync(
            findings,
            "customers whose last tier interval does not match their tier",
            db.Customers.Where(c => !db.TierIntervals.Any(i => i.CustomerId == c.Id && i.Sequence == c.TierChanges && i.Tier == c.LoyaltyTier)).Select(c => c.Id),
            cancellationToken);
        if (programme.Value.Downgrade == Downgrade.Never || !await Sweep.IsDoneAsync(db, Sweep.Tiers, programme.Value.Fingerprint(), cancellationToken))
        {
            return;
        }

        var now = clock.Now();
        var ladder = programme.Value.Ladder;
        for (var i = 0; i < ladder.Count; i++)
        {
            var tier = ladder[i].Name;
            var (from, below) = ((long)(ladder[i].From * 100), i + 1 < ladder.Count ? (long)(ladder[i + 1].From * 100) : long.MaxValue);
            await ReportAsync(
                findings,
                $"customers of tier {tier} who have spent too little or too much for it",
                db.Customers.Where(c => c.LoyaltyTier == tier && !c.TierLocked && (c.TotalSpent < from || c.TotalSpent >= below) && (i > 0 || c.TotalSpent >= below)).Select(c => c.Id),
                cancellationToken);
        }

        await ReportAsync(findings, "customers whose tier lock ended more than an hour ago", db.Customers.Where(c => c.TierLockedUntil < now.AddHours(-1)).Select(c => c.Id), cancellationToken);
    }

    private async Task CountersAsync(List<string> findings, CancellationToken cancellationToken)
    {
        await CounterAsync(findings, Counter.CustomersName, await db.Customers.TagWith(Everything).LongCountAsync(cancellationToken), cancellationToken);
        await CounterAsync(findings, Counter.ActiveAdmins, await db.Customers.TagWith(Everything).LongCountAsync(c => c.IsStaff && c.IsActive, cancellationToken), cancellationToken);
        await MembersAsync(findings, cancellationToken);
    }

    /// <summary>Groups are on one machine and members may be on several, so the two are read separately.</summary>
    private async Task MembersAsync(List<string> findings, CancellationToken cancellationToken)
    {
        var members = await db.Memberships.TagWith(Everything).Where(m => m.IsMember).GroupBy(m => m.GroupId)
            .Select(group => new { Id = group.Key, Members = group.LongCount() }).ToDictionaryAsync(group => group.Id, group => group.Members, cancellationToken);
        var kept = await db.GroupCounts.ToDictionaryAsync(count => count.GroupId, count => count.Members, cancellationToken);
        var groups = await db.Groups.Select(g => g.Id).ToListAsync(cancellationToken);
        var wrong = groups.Union(members.Keys).Where(id => !kept.TryGetValue(id, out var count) || count != members.GetValueOrDefault(id)).Order().ToList();
        Report(findings, "groups whose members_count differs from the number of their members", [.. wrong.Take(Shown)], wrong.Count);
    }

    private async Task CounterAsync(List<string> findings, string name, long rows, CancellationToken cancellationToken)
    {
        var kept = await Counter.ReadAsync(db, name, cancellationToken);
        if (kept != rows)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"The counter {name} is {kept}, but there are {rows}."));
        }
    }

    private static async Task ReportAsync(List<string> findings, string what, IQueryable<long> ids, CancellationToken cancellationToken)
    {
        var tagged = ids.TagWith(Everything);
        var first = await tagged.Take(Shown).ToListAsync(cancellationToken);
        Report(findings, what, first, first.Count < Shown ? first.Count : await tagged.CountAsync(cancellationToken));
    }

    private static void Report(List<string> findings, string what, List<long> ids, int count)
    {
        if (count > 0)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}: {string.Join(", ", ids)}{(count > ids.Count ? ", …" : "")}"));
        }
    }
}
