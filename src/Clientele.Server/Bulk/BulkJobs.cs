namespace Clientele.Server.Bulk;

/// <summary>Starts and cancels jobs.</summary>
internal sealed class BulkJobs
{
    private readonly ClienteleDb _db;
    private readonly RequestTransaction _transaction;
    private readonly Caller _caller;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _clock;
    private bool _isStarted;

    public BulkJobs(
        ClienteleDb db, RequestTransaction transaction, Caller caller, IServiceProvider services, BulkSignal signal, TimeProvider clock)
    {
        (_db, _transaction, _caller, _services, _clock) = (db, transaction, caller, services, clock);
        transaction.Ended.Add(() =>
        {
            if (_isStarted)
            {
                signal.Send();
            }
        });
    }

    /// <summary>The jobs that the caller may see: people see all, a key sees its own.</summary>
    public IQueryable<BulkJob> Visible => _caller.KeyId is { } key ? _db.BulkJobs.Where(j => j.KeyId == key) : _db.BulkJobs;

    public async Task<Results<Resource<BulkJobResponse>, Problem>> StartAsync(Body<BulkRequest> body, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        var filters = BulkFilters.Read(request, _caller, _services, errors);
        var tags = Check(request, errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        if (request.Group is not null && !_caller.HasScope(KeyScope.GroupsWrite))
        {
            return KeyAccess.Missing(KeyScope.GroupsWrite);
        }

        var now = _clock.Now();
        var job = new BulkJob
        {
            Id = Guid.CreateVersion7(now),
            Action = request.Action,
            Filters = JsonSerializer.Serialize(filters),
            Tags = JsonSerializer.Serialize(tags),
            GroupId = request.Group,
            CreatedBy = _caller.Id,
            KeyId = _caller.KeyId,
            KeyName = _caller.KeyName,
            Network = _caller.Network,
            CreatedAt = now,
        };
        return await _transaction.RunAsync(() => AddAsync(job, cancellationToken), cancellationToken);
    }

    /// <summary>Cancels a job, unless it has ended, and returns it.</summary>
    public Task<Results<Resource<BulkJobResponse>, Problem>> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        _transaction.RunAsync<Results<Resource<BulkJobResponse>, Problem>>(
            async () =>
            {
                await BulkProgress.EndAsync(Visible.Where(j => j.Id == id), BulkState.Cancelled, null, _clock.Now(), cancellationToken);
                return await GetAsync(id, cancellationToken);
            },
            cancellationToken);

    public async Task<Results<Resource<BulkJobResponse>, Problem>> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await Visible.SingleOrDefaultAsync(j => j.Id == id, cancellationToken) is { } job
            ? new Resource<BulkJobResponse>(job.ToResponse(), job.Version)
            : Problems.NotFound();

    private async Task<Results<Resource<BulkJobResponse>, Problem>> AddAsync(BulkJob job, CancellationToken cancellationToken)
    {
        if (job.GroupId is { } group && !await _db.Groups.AnyAsync(g => g.Id == group, cancellationToken))
        {
            return Problems.Invalid("group", "There is no such group.");
        }

        _db.Add(job);
        _isStarted = true;
        return new Resource<BulkJobResponse>(job.ToResponse(), job.Version) { IsAccepted = true };
    }

    /// <summary>Checks what the action needs, and returns the tags.</summary>
    private static string[] Check(BulkRequest request, Errors errors)
    {
        var takesTags = request.Action is BulkAction.AddTags or BulkAction.RemoveTags;
        var takesGroup = request.Action is BulkAction.AddToGroup or BulkAction.RemoveFromGroup;
        errors.Require(takesTags || request.Tags is not { Count: > 0 }, "tags", "Only add_tags and remove_tags take tags.");
        errors.Require(takesGroup || request.Group is null, "group", "Only add_to_group and remove_from_group take a group.");
        errors.Require(!takesGroup || request.Group is not null, "group", "The id of a group is required.");
        errors.Require(!takesTags || request.Tags is { Count: > 0 }, "tags", "At least one tag is required.");
        return takesTags ? [.. CustomerTags.Checked(request.Tags ?? [], [], errors).Values] : [];
    }
}
