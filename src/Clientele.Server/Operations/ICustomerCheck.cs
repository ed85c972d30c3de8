namespace Clientele.Server.Operations;

/// <summary>A noun's part of <see cref="Check"/> that reads the rows of a few thousand customers at a time.</summary>
internal interface ICustomerCheck
{
    /// <summary>Whether every fault is reported, however many there are.</summary>
    bool ReportsAll => false;

    /// <summary>The faults in the rows of the customers in a range of ids, including erased ones.</summary>
    /// <param name="after">The id before the range.</param>
    /// <param name="upTo">The last id of the range.</param>
    IAsyncEnumerable<(long Customer, string Fault)> FaultsAsync(long after, long upTo, CancellationToken cancellationToken);
}
