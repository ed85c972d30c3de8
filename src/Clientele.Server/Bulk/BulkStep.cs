using Clientele.Server.Groups;
using Clientele.Server.Keys;
using Clientele.Server.Privacy;

namespace Clientele.Server.Bulk;

/// <summary>
/// One step of a job, in one transaction: a batch of customers, changed by the same code as single ones, in the name of whoever started the job.
/// </summary>
internal sealed class BulkStep(ClienteleDb db, IServiceProvider services, Caller caller, AuditTrail audit, BulkChanges changes, TimeProvider clock)
{
    private const int BatchSize = 100;
    private static readonly TimeSpan CountTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Returns false if the transaction must not be committed, because the job was cancelled or another node has done this step.</summary>
    public async Task<bool> RunAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await db.BulkJobs.SingleOrDefaultAsync(j => j.Id == id, cancellationToken) is not { State: BulkState.Waiting or BulkState.Running } job)
        {
            return true;
        }

        caller.ActFor(job.Asker(), job.Network);
        audit.BulkJob = job.Id;
        var errors = new Errors();
        var filters = JsonSerializer.Deserialize<Dictionary<string, string>>(job.Filters)!;
        var customers = BulkFilters.Narrow(caller.Customers, filters, services, errors);
        var reason = errors.Any ? errors.Summary
            : !await MayGoOnAsync(job, cancellationToken) ? "Whoever started the job may not do this any longer."
            : job.GroupId is { } group && await db.KeepAsync<Group>(group, cancellationToken) is null ? "The group was deleted."
            : null;
        return reason is not null ? await EndAsync(job, BulkState.Failed, reason, cancellationToken)
            : job.State == BulkState.Waiting ? await BeginAsync(job, customers, cancellationToken)
            : job.Position >= job.LastId ? await EndAsync(job, BulkState.Done, null, cancellationToken)
            : await NextAsync(job, customers, cancellationToken);
    }

    private Task<bool> EndAsync(BulkJob job, BulkState state, string? reason, CancellationToken cancellationToken) =>
        BulkProgress.EndAsync(db.BulkJobs.Where(j => j.Id == job.Id), state, reason, clock.Now(), cancellationToken);

    /// <summary>Whether the admin is one still, or the key still has the scopes.</summary>
    private async Task<bool> MayGoOnAsync(BulkJob job, CancellationToken cancellationToken)
    {
        if (job.KeyId is null)
        {
            return await db.Customers.AnyAsync(c => c.Id == job.CreatedBy && c.IsStaff && c.IsActive, cancellationToken);
        }

        string[] needed = job.GroupId is null ? [KeyScope.CustomersWrite] : [KeyScope.CustomersWrite, KeyScope.GroupsWrite];
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == job.KeyId, cancellationToken);
        return key is not null && !(key.ExpiresAt <= clock.Now()) && !needed.Except(ApiKey.Split(key.Scopes)).Any();
    }

    private async Task<bool> BeginAsync(BulkJob job, IQueryable<Customer> customers, CancellationToken cancellationToken)
    {
        await db.AllowAsync(CountTimeout, cancellationToken);
        await db.StandBackAsync(cancellationToken);
        var last = await db.Customers.TagWith("scatter: the last customer").MaxAsync(c => (long?)c.Id, cancellationToken) ?? 0;
        var total = await customers.Where(c => c.Id <= last).LongCountAsync(cancellationToken);
        return await BulkProgress.BeginAsync(db, job, total, last, cancellationToken);
    }

    /// <summary>Changes the next customers. A stretch of ids bounds the work, however few of them match.</summary>
    private async Task<bool> NextAsync(BulkJob job, IQueryable<Customer> customers, CancellationToken cancellationToken)
    {
        var end = Math.Min(job.Position + Sweep.Stretch, job.LastId);
        var ids = await customers.Where(c => c.Id > job.Position && c.Id <= end).OrderBy(c => c.Id).Select(c => c.Id).Take(BatchSize)
            .ToListAsync(cancellationToken);
        var (changed, failures) = ids.Count == 0 ? (0, []) : await changes.ApplyAsync(job, ids, cancellationToken);
        return await new BulkProgress(ids.Count == BatchSize ? ids[^1] : end, ids.Count, changed, failures).StoreAsync(db, job, cancellationToken);
    }
}
