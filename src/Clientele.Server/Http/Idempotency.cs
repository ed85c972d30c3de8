using System.Collections.Concurrent;
using Npgsql;

namespace Clientele.Server.Http;

/// <summary>The first response for a key, stored in the transaction of its effect.</summary>
[Data.Table("idempotency_keys", TableClass.Claim)]
[PrimaryKey(nameof(Key))]
[Index(nameof(CreatedAt))]
[Index(nameof(SubjectId))]
internal sealed class IdempotencyKey
{
    /// <summary>The owner of the key, and the key.</summary>
    public required string Key { get; init; }

    /// <summary>A keyed hash (HMAC) of path, query string and body.</summary>
    public required byte[] RequestHash { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>The subject of a response that may show any customers. No customer has this id.</summary>
    public const long Anybody = 0;

    /// <summary>The customer in the response, or <see cref="Anybody"/>, so that an erasure can delete it.</summary>
    public long? SubjectId { get; set; }

    public int Status { get; set; }

    /// <summary>The stored headers of the response, one per line.</summary>
    public string Headers { get; set; } = "";

    public byte[] Body { get; set; } = [];
}

/// <summary>
/// A POST with an <c>Idempotency-Key</c> has its effect once. The key's row is claimed at the beginning of the transaction, and the response is
/// stored in it. A request with the same key waits for that transaction, finds the response and replays it.
/// </summary>
internal sealed class Idempotency(RequestDelegate next, Database database, RequestHashSecret secret, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private const string HeaderName = "Idempotency-Key";
    private const int WaitSeconds = 5;
    private static readonly string[] Kept = ["Location", "ETag", "Cache-Control", "Content-Type"];

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _running = [];

    /// <summary>Every POST takes a key, unless its route says otherwise.</summary>
    public static bool AppliesTo(string method, IEnumerable<object> metadata) => HttpMethods.IsPost(method) && !metadata.OfType<NoIdempotencyKey>().Any();

    public async Task InvokeAsync(HttpContext context, ClienteleDb db, RequestTransaction transaction, Caller caller)
    {
        var key = context.Request.Headers[HeaderName].ToString();
        if (key.Length == 0 || context.GetEndpoint() is not { } endpoint || !AppliesTo(context.Request.Method, endpoint.Metadata))
        {
            await next(context);
            return;
        }

        if (key.Length > 255 || key.Any(char.IsControl))
        {
            await Problems.WriteAsync(context, Problems.Invalid(HeaderName, "At most 255 printable characters."));
            return;
        }

        var owner = caller.Id is { } id ? string.Create(CultureInfo.InvariantCulture, $"customer:{id}")
            : caller.KeyId is not null ? caller.Role
            : $"network:{caller.Network}";
        var scoped = $"{owner} {key}";
        var hash = await RequestHashAsync(context);

        // On the same node, a second request waits here and holds no connection meanwhile. On another node, it waits for the row.
        var running = _running.GetOrAdd(scoped, _ => new SemaphoreSlim(1, 1));
        if (!await running.WaitAsync(TimeSpan.FromSeconds(WaitSeconds), context.RequestAborted))
        {
            await Problems.WriteAsync(context, InProgress());
            return;
        }

        try
        {
            await OnceAsync(context, db, transaction, scoped, hash);
        }
        finally
        {
            _running.TryRemove(scoped, out _);
            running.Release();
        }
    }

    private static Problem InProgress() =>
        new("request_in_progress", "A request with this Idempotency-Key is still running. Try again to get its response.") { RetryAfter = 1 };

    private async Task OnceAsync(HttpContext context, ClienteleDb db, RequestTransaction transaction, string key, byte[] hash)
    {
        if (await StoredAsync(db, key, context.RequestAborted) is { } stored)
        {
            await ReplayAsync(context, stored, hash);
            return;
        }

        using var buffer = new MemoryStream();
        transaction.Claim = cancellationToken => ClaimAsync(db, key, hash, cancellationToken);

        // Another node may have responded meanwhile. Then the result of this node, such as "the name is taken", is not the right response.
        if (!await RespondAsync(context, db, transaction, key, buffer) && await StoredAsync(db, key, context.RequestAborted) is { } late)
        {
            context.Response.Clear();
            Headers.Apply(context);
            await ReplayAsync(context, late, hash);
            return;
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Runs the request and writes its response into the buffer. Returns whether the response is stored.</summary>
    private async Task<bool> RespondAsync(HttpContext context, ClienteleDb db, RequestTransaction transaction, string key, MemoryStream buffer)
    {
        var (response, wire) = (context.Response, context.Response.Body);
        response.Body = buffer;
        try
        {
            await next(context);
            if (response.StatusCode is < 200 or >= 300)
            {
                return false;
            }

            await StoreAsync(db, transaction, key, response, buffer.ToArray(), context.RequestAborted);
            return true;
        }
        catch (KeyTakenException)
        {
            response.StatusCode = StatusCodes.Status409Conflict;
            return false;
        }
        finally
        {
            response.Body = wire;
            await transaction.DisposeAsync();
        }
    }

    private Task<IdempotencyKey?> StoredAsync(ClienteleDb db, string key, CancellationToken cancellationToken)
    {
        var dead = clock.Now() - Lifetime;
        return db.IdempotencyKeys.SingleOrDefaultAsync(k => k.Key == key && k.CreatedAt > dead, cancellationToken);
    }

    /// <summary>Stores the response in the transaction that the request has left open, or in a new one if nothing was written, and commits.</summary>
    private static async Task StoreAsync(
        ClienteleDb db, RequestTransaction transaction, string key, HttpResponse response, byte[] body, CancellationToken cancellationToken)
    {
        long? subject = transaction.Subjects is [var only, ..] ? only : null;
        if (!transaction.IsOpen)
        {
            // Nothing was written, so the response can be deleted at any time: the same request reads again.
            subject = IdempotencyKey.Anybody;
            await transaction.BeginAndClaimAsync(cancellationToken);
        }

        var headers = string.Join('\n', Kept.Where(response.Headers.ContainsKey).Select(name => $"{name}: {response.Headers[name]}"));
        await db.IdempotencyKeys.Where(k => k.Key == key).ExecuteUpdateAsync(
            set => set.SetProperty(k => k.Status, response.StatusCode).SetProperty(k => k.Headers, headers)
                .SetProperty(k => k.Body, body).SetProperty(k => k.SubjectId, subject),
            cancellationToken);
        await transaction.CommitAsync();
    }

    /// <summary>Claims the key, or waits for the transaction that has claimed it. A row whose lifetime has ended is taken over.</summary>
    private async Task ClaimAsync(ClienteleDb db, string key, byte[] hash, CancellationToken cancellationToken)
    {
        if (database.IsPostgres)
        {
            await db.Database.ExecuteSqlRawAsync($"SET LOCAL lock_timeout = '{WaitSeconds}s'", cancellationToken);
        }

        var now = clock.Now();
        var dead = now - Lifetime;
        try
        {
            if (await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO idempotency_keys (key, request_hash, created_at, status, headers, body)
                 VALUES ({key}, {hash}, {now}, 0, '', {Array.Empty<byte>()})
                 ON CONFLICT (key) DO UPDATE SET request_hash = excluded.request_hash, created_at = excluded.created_at
                 WHERE idempotency_keys.created_at <= {dead}
                 """,
                cancellationToken) == 0)
            {
                throw new KeyTakenException();
            }
        }
        catch (PostgresException timeout) when (timeout.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ProblemException(InProgress());
        }

        if (database.IsPostgres)
        {
            await db.Database.ExecuteSqlRawAsync("SET LOCAL lock_timeout = 0", cancellationToken);
        }
    }

    private static async Task ReplayAsync(HttpContext context, IdempotencyKey stored, byte[] hash)
    {
        if (!CryptographicOperations.FixedTimeEquals(stored.RequestHash, hash))
        {
            await Problems.WriteAsync(context, new Problem(
                "idempotency_key_reused",
                "This Idempotency-Key was already used with a different body, path or query string. Use a new key for a new request."));
            return;
        }

        context.Response.StatusCode = stored.Status;
        foreach (var header in stored.Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2)))
        {
            context.Response.Headers[header[0]] = header[1];
        }

        context.Response.Headers["Idempotent-Replayed"] = "true";
        await context.Response.Body.WriteAsync(stored.Body, context.RequestAborted);
    }

    private async Task<byte[]> RequestHashAsync(HttpContext context)
    {
        context.Request.EnableBuffering();
        using var hashed = new MemoryStream();
        hashed.Write(Encoding.UTF8.GetBytes($"{context.Request.Path.Value!.TrimEnd('/')}{context.Request.QueryString}\n"));
        await context.Request.Body.CopyToAsync(hashed, context.RequestAborted);
        context.Request.Body.Position = 0;
        return HMACSHA256.HashData(await secret(context.RequestAborted), hashed.ToArray());
    }

    /// <summary>Another request has claimed the key and has finished.</summary>
    private sealed class KeyTakenException : Exception;
}

/// <summary>The secret that keys the hashes of requests, the same on all nodes.</summary>
internal delegate ValueTask<byte[]> RequestHashSecret(CancellationToken cancellationToken);

/// <summary>Marks a POST that ignores the header: its answer must not be stored, or it can be repeated anyway.</summary>
internal sealed record NoIdempotencyKey;

internal static class IdempotencyMapping
{
    /// <summary>The POST ignores <c>Idempotency-Key</c>.</summary>
    public static TBuilder WithoutIdempotencyKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NoIdempotencyKey());
}
