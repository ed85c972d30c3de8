using System.Diagnostics.Metrics;
using Clientele.Server.Operations;

namespace Clientele.Server.Accounts;

/// <summary>Measures how this node keeps up with password hashes.</summary>
internal sealed class HashingMeter(IMeterFactory meters)
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4] };

    private readonly Meter _meter = meters.Create(Telemetry.MeterName);
    private Histogram<double>? _waits;
    private Counter<long>? _refusals;

    /// <summary>Begins to measure.</summary>
    /// <param name="length">How many callers have a place in the queue.</param>
    public void Measure(Func<int> length)
    {
        _meter.CreateObservableUpDownCounter(
            "clientele.hashing.queue.length", length, "{caller}", "How many callers have a place in the queue for password hashes.");
        _waits = _meter.CreateHistogram("clientele.hashing.wait", "s", "How long password hashes waited for a thread.", tags: null, Seconds);
        _refusals = _meter.CreateCounter<long>("clientele.hashing.refused", "{caller}", "Callers who were refused with 503 because the queue was full.");
        _refusals.Add(0);
    }

    public void Waited(TimeSpan wait) => _waits?.Record(wait.TotalSeconds);

    public void Refused() => _refusals?.Add(1);
}
