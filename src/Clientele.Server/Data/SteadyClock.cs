using Microsoft.Extensions.Internal;

namespace Clientele.Server.Data;

/// <summary>
/// This node's clock as it was at first, plus the time that has passed since. Unlike the node's clock, nobody sets it. Caches use it: what they keep for
/// five seconds is not believed for an hour because the node's clock was an hour ahead.
/// </summary>
internal sealed class SteadyClock(TimeProvider clock) : ISystemClock
{
    private readonly DateTimeOffset _first = clock.GetUtcNow();
    private readonly long _begun = clock.GetTimestamp();

    public DateTimeOffset UtcNow => _first + clock.GetElapsedTime(_begun);
}
