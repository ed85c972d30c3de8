namespace Clientele.Server.Customers;

/// <summary>Which customer a write locks, and what it expects.</summary>
/// <param name="FindAsync">Finds the id, in the transaction and before the lock; null if there is none.</param>
internal sealed record CustomerLock(Func<Task<long?>> FindAsync)
{
    public CustomerLock(long id)
        : this(() => Task.FromResult<long?>(id))
    {
    }

    /// <summary>The request whose <c>If-Match</c> must list the customer's version; null if the endpoint takes none.</summary>
    public HttpRequest? IfMatch { get; init; }

    /// <summary>The response if there is no such customer.</summary>
    public Problem Missing { get; init; } = Problems.NotFound();

    /// <summary>Whether the write adds an audit entry. The last entry is then read together with the lock.</summary>
    public bool IsAudited { get; init; } = true;

    /// <summary>What else to read in the round trip of the lock.</summary>
    public ReadAlong[] Along { get; init; } = [];
}
