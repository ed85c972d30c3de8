namespace Clientele.Server.Data;

/// <summary>Work over all customers in the order of their ids, such as bringing stored values into a new form. Done once for each fingerprint.</summary>
internal interface ISweep
{
    string Name { get; }

    /// <summary>What the result depends on, such as settings or the version of a stored form. When it changes, the work is done again.</summary>
    string Fingerprint { get; }

    /// <summary>Processes the next customers after an id, in the transaction that also stores the new position.</summary>
    /// <param name="after">The last id that is done.</param>
    /// <param name="most">The maximum number of customers to process.</param>
    /// <returns>The last id that is done now; null if there are no more.</returns>
    Task<long?> RunAsync(long after, int most, CancellationToken cancellationToken);
}
