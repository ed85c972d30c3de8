using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Caching.Memory;

namespace Clientele.Server.Keys;

/// <summary>Checks the API keys of requests. A node uses what it has read of a key for at most five seconds, and remembers unknown ids as well.</summary>
internal sealed partial class LiveKeys(TimeProvider clock, ILogger<LiveKeys> logger) : IDisposable
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostKept, Clock = new SteadyClock(clock) });
    private ConcurrentDictionary<string, (DateTime At, string? Network)> _uses = [];
    private int _changes;

    public void Dispose() => _cache.Dispose();

    /// <summary>The key that the text is; null if it is none, or not valid for this address now.</summary>
    public async ValueTask<LiveKey?> FindAsync(ClienteleDb db, string text, IPAddress? address, CancellationToken cancellationToken)
    {
        if (KeyText.IdOf(text) is not { } id || await ReadAsync(db, id, cancellationToken) is not { } key)
        {
            return null;
        }

        var now = clock.Now();
        if (!key.Has(KeyText.HashOf(text), now))
        {
            return null;
        }

        if (key.IsExpired(now) || !key.IsAllowedFrom(address))
        {
            Log.Refused(logger, id, key.IsExpired(now) ? "it has expired" : "the request comes from another network");
            return null;
        }

        return key;
    }

    /// <summary>Makes this node see a change of the key at once. Other nodes see it within five seconds.</summary>
    public void Forget(string id)
    {
        Interlocked.Increment(ref _changes);
        _cache.Remove(id);
    }

    /// <summary>Remembers that a key was used, to be stored with the next <see cref="TakeUses"/>.</summary>
    public void Note(string id, string? network) => _uses[id] = (clock.Now(), network);

    /// <summary>The last use of each key since the last call.</summary>
    public IReadOnlyCollection<KeyValuePair<string, (DateTime At, string? Network)>> TakeUses()
    {
        // The dictionary copies itself under its locks: a request may still add to it.
        var taken = Interlocked.Exchange(ref _uses, []).ToArray();
        return taken;
    }

    private async ValueTask<LiveKey?> ReadAsync(ClienteleDb db, string id, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(id, out LiveKey? kept))
        {
            return kept;
        }

        var (started, changes) = (clock.GetTimestamp(), Volatile.Read(ref _changes));
        var stored = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id, cancellationToken);
        var key = stored is null ? null : LiveKey.Of(stored);

        // The five seconds begin before the database is read, which may take long.
        if (Believed - clock.GetElapsedTime(started) is { Ticks: > 0 } rest)
        {
            _cache.Set(id, key, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = rest });
        }

        // The key may have been read before a change, and stored after it was forgotten.
        if (Volatile.Read(ref _changes) != changes)
        {
            _cache.Remove(id);
        }

        return key;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The API key {Id} was refused: {Reason}.")]
        public static partial void Refused(ILogger logger, string id, string reason);
    }
}
