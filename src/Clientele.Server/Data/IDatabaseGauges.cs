namespace Clientele.Server.Data;

/// <summary>
/// A noun's figures for the metrics that are read from the database, such as the length of a queue. One node reads them for all, every 15 seconds,
/// however many nodes and scrapers there are. A reading costs a few cheap statements.
/// </summary>
internal interface IDatabaseGauges
{
    /// <summary>How long to wait before the next reading, if a reading is not that cheap.</summary>
    TimeSpan Interval => TimeSpan.Zero;

    /// <summary>The same names at each reading, with a value also if there is nothing: an alert cannot use a gauge that is missing.</summary>
    Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken);
}
