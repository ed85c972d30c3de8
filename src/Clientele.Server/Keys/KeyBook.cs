using System.Net;
using Clientele.Server.Privacy;

namespace Clientele.Server.Keys;

/// <summary>
/// All changes of API keys. An admin's change is audited in the chain of the admin, who is locked for it. The command line has no such chain, and writes
/// no entry.
/// </summary>
internal sealed class KeyBook(
    ClienteleDb db, CustomerWrites writes, RequestTransaction transaction, AuditTrail audit, Caller caller, LiveKeys live, TimeProvider clock)
{
    private const int LongestNetwork = 50;

    public async Task<Results<Created<ApiKeyResponse>, Problem>> AddAsync(ApiKeyRequest request, Errors errors, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var networks = Check(request, now, errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var id = KeyText.NewId();
        var text = KeyText.Create(id);
        return await RunAsync<Created<ApiKeyResponse>>(
            () =>
            {
                var key = new ApiKey
                {
                    Id = id,
                    Name = request.Name,
                    Scopes = ApiKey.Join(request.Scopes!.Distinct()),
                    Networks = networks,
                    Hash = KeyText.HashOf(text),
                    ExpiresAt = request.ExpiresAt,
                    CreatedAt = now,
                    CreatedBy = caller.Id,
                    UpdatedAt = now,
                };
                db.Add(key);
                Record(AuditAction.KeyCreated, id, new()
                {
                    ["name"] = (null, key.Name),
                    ["scopes"] = (null, key.Scopes),
                    ["networks"] = (null, key.Networks),
                    ["expires_at"] = (null, key.ExpiresAt),
                });
                return Task.FromResult<Results<Created<ApiKeyResponse>, Problem>>(TypedResults.Created((string?)null, key.ToResponse(text)));
            },
            cancellationToken);
    }

    public Task<Results<Resource<ApiKeyResponse>, Problem>> ChangeAsync(
        string id, Body<ApiKeyRequest> body, HttpRequest http, CancellationToken cancellationToken) =>
        WithKeyAsync<Resource<ApiKeyResponse>>(
            id,
            http,
            key =>
            {
                var errors = new Errors();
                var stored = key.ToRequest();
                var request = body.Over(stored with { }, errors, patch: true, stored);
                var networks = Check(request, clock.Now(), errors, stored);
                if (errors.Any)
                {
                    return Problems.Invalid(errors);
                }

                Assign(key, request, networks);
                return new Resource<ApiKeyResponse>(key.ToResponse(null), key.Version);
            },
            cancellationToken);

    /// <summary>Gives the key a new secret. The old one stays valid for the grace period; one from before it ends now.</summary>
    public Task<Results<Ok<ApiKeyResponse>, Problem>> RotateAsync(string id, RotateApiKeyRequest request, CancellationToken cancellationToken) =>
        WithKeyAsync<Ok<ApiKeyResponse>>(
            id,
            http: null,
            key =>
            {
                var (text, now) = (KeyText.Create(id), clock.Now());
                (key.OldHash, key.OldHashUntil) = request.GracePeriod == 0 ? (null, null) : (key.Hash, (DateTime?)now.AddSeconds(request.GracePeriod));
                (key.Hash, key.UpdatedAt) = (KeyText.HashOf(text), now);
                key.Version++;
                Record(AuditAction.KeyRotated, id, new() { ["old_secret_until"] = (null, key.OldHashUntil) });
                return TypedResults.Ok(key.ToResponse(text));
            },
            cancellationToken);

    public Task<Results<NoContent, Problem>> RevokeAsync(string id, HttpRequest? http, CancellationToken cancellationToken) => WithKeyAsync<NoContent>(
        id,
        http,
        key =>
        {
            db.Remove(key);
            Record(AuditAction.KeyRevoked, id, new() { ["name"] = (key.Name, null) });
            return TypedResults.NoContent();
        },
        cancellationToken);

    private void Assign(ApiKey key, ApiKeyRequest request, string networks)
    {
        var scopes = ApiKey.Join(request.Scopes!.Distinct());
        var changes = new (string Member, object? From, object? To)[]
        {
            ("name", key.Name, request.Name), ("scopes", key.Scopes, scopes), ("networks", key.Networks, networks),
            ("expires_at", key.ExpiresAt, request.ExpiresAt),
        }.Where(change => !Equals(change.From, change.To)).ToDictionary(change => change.Member, change => (change.From, change.To));
        if (changes.Count == 0)
        {
            return;
        }

        (key.Name, key.Scopes, key.Networks, key.ExpiresAt, key.UpdatedAt) = (request.Name, scopes, networks, request.ExpiresAt, clock.Now());
        key.Version++;
        Record(AuditAction.KeyUpdated, key.Id, changes);
    }

    /// <summary>Checks the rules beyond single members, and returns the networks as they are stored. An expiry that does not change stays valid.</summary>
    private static string Check(ApiKeyRequest request, DateTime now, Errors errors, ApiKeyRequest? stored = null)
    {
        errors.Require(request.Scopes is not { Count: 0 } || errors.Has("scopes"), "scopes", "At least one scope is needed.");
        errors.Require(!(request.ExpiresAt <= now) || request.ExpiresAt == stored?.ExpiresAt, "expires_at", "Must be in the future.");
        var networks = new List<string>();
        foreach (var (index, text) in (request.Networks ?? []).Index())
        {
            if (Network(text) is { } network)
            {
                networks.Add(network.ToString());
            }
            else
            {
                errors.Add($"networks/{index}", "Must be an address or a network such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48.");
            }
        }

        return ApiKey.Join(networks.Distinct());
    }

    private static IPNetwork? Network(string? text) => text is { Length: <= LongestNetwork } ? ServerSettings.Network(text) : null;

    private Task<Results<T, Problem>> RunAsync<T>(Func<Task<Results<T, Problem>>> work, CancellationToken cancellationToken)
        where T : IResult => caller.Id is { } admin
            ? writes.RunAsync<T>(new(admin), _ => work(), cancellationToken)
            : transaction.RunAsync<Results<T, Problem>>(work, cancellationToken);

    private async Task<Results<T, Problem>> WithKeyAsync<T>(
        string id, HttpRequest? http, Func<ApiKey, Results<T, Problem>> work, CancellationToken cancellationToken)
        where T : IResult
    {
        if (!KeyText.IsId(id))
        {
            return Problems.NotFound();
        }

        var result = await RunAsync<T>(
            async () =>
            {
                // An update that changes nothing locks the row.
                if (await db.ApiKeys.Where(k => k.Id == id).ExecuteUpdateAsync(set => set.SetProperty(k => k.Version, k => k.Version), cancellationToken) == 0)
                {
                    return Problems.NotFound();
                }

                var key = await db.ApiKeys.AsTracking().SingleAsync(k => k.Id == id, cancellationToken);
                return http is not null && ETags.Stale(http, key.Version) is { } stale ? stale : work(key);
            },
            cancellationToken);
        live.Forget(id);
        return result;
    }

    private void Record(string action, string id, Dictionary<string, (object? From, object? To)> changes)
    {
        if (caller.Id is { } admin)
        {
            audit.Record(admin, action, $"key/{id}", changes);
        }
    }
}
