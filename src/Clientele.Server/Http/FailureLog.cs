namespace Clientele.Server.Http;

/// <summary>
/// Logs requests that failed for a reason outside of them that needs no stack trace, such as an unavailable database: at most one entry per second,
/// with the trace id of each request. The first is logged at once.
/// </summary>
internal sealed partial class FailureLog : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int MostReasons = 3;

    /// <summary>Log collectors cut longer lines.</summary>
    private const int IdsInALine = 400;

    private readonly ILogger<FailureLog> _logger;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly List<string> _traceIds = [];
    private readonly HashSet<string> _reasons = [];
    private bool _isPausing;

    public FailureLog(ILogger<FailureLog> logger, TimeProvider clock)
    {
        _logger = logger;
        _timer = clock.CreateTimer(_ => Write(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(string reason, string traceId)
    {
        lock (_lock)
        {
            _traceIds.Add(traceId);
            if (_reasons.Count < MostReasons)
            {
                _reasons.Add(reason);
            }

            if (_isPausing)
            {
                return;
            }

            // Under the lock, so that of many simultaneous failures only the first one writes at once.
            _isPausing = true;
        }

        Write();
    }

    /// <summary>Logs what is left when the service stops.</summary>
    public void Dispose()
    {
        Write();
        _timer.Dispose();
    }

    private void Write()
    {
        string[] traceIds;
        string reasons;
        lock (_lock)
        {
            _isPausing = _traceIds.Count > 0;
            (traceIds, reasons) = ([.. _traceIds], string.Join(" | ", _reasons));
            _traceIds.Clear();
            _reasons.Clear();
            _timer.Change(_isPausing ? Pause : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        foreach (var some in traceIds.Chunk(IdsInALine))
        {
            Log.Unavailable(_logger, some.Length, reasons, string.Join(' ', some));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Not available for {Requests} requests: {Reasons} (trace ids: {TraceIds})")]
        public static partial void Unavailable(ILogger logger, int requests, string reasons, string traceIds);
    }
}
