using Clientele.Server.Events;
using Clientele.Server.Privacy;

namespace Clientele.Server.Webhooks;

/// <summary>
/// All changes of webhooks. An admin's change is audited in the chain of the admin, who is locked for it. An API key has no such chain: the webhook says
/// which key has created it, and the log which one has changed it.
/// </summary>
internal sealed partial class WebhookBook
{
    public const string CounterName = "webhooks";

    private readonly ClienteleDb _db;
    private readonly CustomerWrites _writes;
    private readonly RequestTransaction _transaction;
    private readonly AuditTrail _audit;
    private readonly Caller _caller;
    private readonly WebhookTargets _targets;
    private readonly WebhookSecrets _secrets;
    private readonly WebhookSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<WebhookBook> _logger;

    public WebhookBook(
        ClienteleDb db, CustomerWrites writes, RequestTransaction transaction, AuditTrail audit, Caller caller, WebhookTargets targets, WebhookSecrets secrets,
        WebhookSignal signal, IOptions<WebhookSettings> settings, TimeProvider clock, ILogger<WebhookBook> logger)
    {
        (_db, _writes, _transaction, _audit, _caller) = (db, writes, transaction, audit, caller);
        (_targets, _secrets, _settings, _clock, _logger) = (targets, secrets, settings.Value, clock, logger);
        transaction.Ended.Add(signal.Wake);
    }

    public async Task<Results<Created<WebhookResponse>, Problem>> AddAsync(WebhookRequest request, Errors errors, CancellationToken cancellationToken)
    {
        await CheckAsync(request, errors, null, cancellationToken);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var (now, secret) = (_clock.Now(), WebhookSecrets.Create());
        var id = Guid.CreateVersion7(now);
        return await RunAsync<Created<WebhookResponse>>(
            async () =>
            {
                if (!await Counter.TryAddAsync(_db, CounterName, _settings.Most, cancellationToken))
                {
                    return new Problem("too_many_webhooks", $"There may be at most {_settings.Most} webhooks. Delete one that is not used any longer.");
                }

                var webhook = New(request, id, secret, now);
                webhook.Position = await EventMark.ReadAsync(_db, EventMark.Positions, cancellationToken);
                _db.Add(webhook);
                Record(AuditAction.WebhookCreated, id, new()
                {
                    ["url"] = (null, HostOf(webhook.Url)),
                    ["types"] = (null, webhook.Types),
                    ["groups"] = (null, webhook.Groups),
                    ["is_active"] = (null, webhook.IsActive),
                });
                return TypedResults.Created((string?)null, webhook.ToResponse(secret));
            },
            cancellationToken);
    }

    public Task<Results<Resource<WebhookResponse>, Problem>> ChangeAsync(
        Guid id, Body<WebhookRequest> body, HttpRequest http, CancellationToken cancellationToken) =>
        WithWebhookAsync<Resource<WebhookResponse>>(
            id,
            http,
            async webhook =>
            {
                var (errors, stored) = (new Errors(), webhook.ToRequest());
                var request = body.Over(stored with { }, errors, patch: true, stored);
                await CheckAsync(request, errors, webhook, cancellationToken);
                if (errors.Any)
                {
                    return Problems.Invalid(errors);
                }

                Assign(webhook, request);
                return new Resource<WebhookResponse>(webhook.ToResponse(null), webhook.Version);
            },
            cancellationToken);

    /// <summary>Gives the webhook a new secret. The old one signs, too, for the overlap; one from before it ends now.</summary>
    public Task<Results<Ok<WebhookResponse>, Problem>> RotateAsync(Guid id, RotateWebhookRequest request, CancellationToken cancellationToken) =>
        WithWebhookAsync<Ok<WebhookResponse>>(
            id,
            http: null,
            webhook =>
            {
                var (secret, now, overlap) = (WebhookSecrets.Create(), _clock.Now(), request.Overlap ?? _settings.OverlapSeconds);
                (webhook.OldSecret, webhook.OldSecretUntil) = overlap == 0 ? (null, null) : (webhook.Secret, (DateTime?)now.AddSeconds(overlap));
                (webhook.Secret, webhook.UpdatedAt) = (_secrets.Protect(id, secret), now);
                webhook.Version++;
                Record(AuditAction.WebhookRotated, id, new() { ["old_secret_until"] = (null, webhook.OldSecretUntil) });
                return Task.FromResult<Results<Ok<WebhookResponse>, Problem>>(TypedResults.Ok(webhook.ToResponse(secret)));
            },
            cancellationToken);

    /// <summary>Deletes the webhook. Its deliveries are deleted by the maintenance.</summary>
    public Task<Results<NoContent, Problem>> DeleteAsync(Guid id, HttpRequest http, CancellationToken cancellationToken) => WithWebhookAsync<NoContent>(
        id,
        http,
        async webhook =>
        {
            _db.Remove(webhook);
            await Counter.AddAsync(_db, CounterName, 0, -1, cancellationToken);
            Record(AuditAction.WebhookDeleted, id, new() { ["url"] = (HostOf(webhook.Url), null) });
            return TypedResults.NoContent();
        },
        cancellationToken);

    /// <summary>Locks the webhook, and audits what is done with it.</summary>
    public async Task<Results<T, Problem>> WithWebhookAsync<T>(
        Guid id, HttpRequest? http, Func<Webhook, Task<Results<T, Problem>>> work, CancellationToken cancellationToken)
        where T : IResult => await RunAsync<T>(
        async () =>
        {
            // An update that changes nothing locks the row.
            if (await _db.Webhooks.Where(w => w.Id == id).ExecuteUpdateAsync(set => set.SetProperty(w => w.Version, w => w.Version), cancellationToken) == 0)
            {
                return Problems.NotFound();
            }

            var webhook = await _db.Webhooks.AsTracking().SingleAsync(w => w.Id == id, cancellationToken);
            return http is not null && ETags.Stale(http, webhook.Version) is { } stale ? stale : await work(webhook);
        },
        cancellationToken);

    public void Record(string action, Guid id, Dictionary<string, (object? From, object? To)> changes)
    {
        if (_caller.Id is { } admin)
        {
            _audit.Record(admin, action, $"webhook/{id}", changes);
        }
        else
        {
            Log.Changed(_logger, _caller.KeyId, action, id);
        }
    }

    private Webhook New(WebhookRequest request, Guid id, string secret, DateTime now) => new()
    {
        Id = id,
        Url = request.Url,
        Types = Webhook.Join(request.Types),
        Groups = Webhook.Join(request.Groups),
        Description = request.Description,
        IsActive = request.IsActive,
        Secret = _secrets.Protect(id, secret),
        CreatedAt = now,
        CreatedBy = _caller.Id,
        CreatedByKey = _caller.KeyId,
        UpdatedAt = now,
    };

    private void Assign(Webhook webhook, WebhookRequest request)
    {
        var (types, groups) = (Webhook.Join(request.Types), Webhook.Join(request.Groups));
        var changes = new (string Member, object? From, object? To)[]
        {
            ("url", webhook.Url, request.Url), ("types", webhook.Types, types), ("groups", webhook.Groups, groups),
            ("description", webhook.Description, request.Description), ("is_active", webhook.IsActive, request.IsActive),
        }.Where(change => !Equals(change.From, change.To)).ToDictionary(change => change.Member, change => (change.From, change.To));
        if (changes.Count == 0)
        {
            return;
        }

        if (changes.ContainsKey("url") || changes.ContainsKey("is_active"))
        {
            webhook.Recover();
        }

        if (changes.TryGetValue("url", out var url))
        {
            changes["url"] = (HostOf((string)url.From!), HostOf((string)url.To!));
        }

        (webhook.Url, webhook.Types, webhook.Groups) = (request.Url, types, groups);
        (webhook.Description, webhook.IsActive, webhook.UpdatedAt) = (request.Description, request.IsActive, _clock.Now());
        webhook.Version++;
        Record(AuditAction.WebhookUpdated, webhook.Id, changes);
    }

    /// <summary>Checks the rules beyond single members. What does not change stays valid.</summary>
    private async Task CheckAsync(WebhookRequest request, Errors errors, Webhook? stored, CancellationToken cancellationToken)
    {
        if (!errors.Has("url") && request.Url != stored?.Url && _targets.Complaint(request.Url) is { } complaint)
        {
            errors.Add("url", complaint);
        }

        long[] groups = errors.Has("groups") ? [] : [.. (request.Groups ?? []).Except(stored?.GroupIds() ?? [])];
        var existing = groups.Length == 0 ? [] : await _db.Groups.Where(g => groups.Contains(g.Id)).Select(g => g.Id).ToListAsync(cancellationToken);
        foreach (var (index, id) in (request.Groups ?? []).Index().Where(one => groups.Contains(one.Item) && !existing.Contains(one.Item)))
        {
            errors.Add($"groups/{index}", string.Create(CultureInfo.InvariantCulture, $"There is no group {id}. Use the id of a group that exists."));
        }
    }

    private Task<Results<T, Problem>> RunAsync<T>(Func<Task<Results<T, Problem>>> work, CancellationToken cancellationToken)
        where T : IResult => _caller.Id is { } admin
            ? _writes.RunAsync<T>(new(admin), _ => work(), cancellationToken)
            : _transaction.RunAsync<Results<T, Problem>>(work, cancellationToken);

    /// <summary>The path of a URL may contain a secret of the receiver, and the audit keeps it for long.</summary>
    private static string HostOf(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The API key {Key} has done {Action} with webhook {Webhook}")]
        public static partial void Changed(ILogger logger, string? key, string action, Guid webhook);
    }
}
