using Clientele.Server.Http;
using Clientele.Server.Privacy;
using Microsoft.EntityFrameworkCore.Storage;

namespace Clientele.Server.Data;

/// <summary>
/// The transaction of a write: the change, its audit entries and, if the client sent an idempotency key, the stored response. Either all of it is
/// committed, or nothing. A result that is not a success rolls everything back.
/// </summary>
internal sealed class UnitOfWork(ClienteleDb db, Database database, IdBlocks ids, AuditTrail audit) : IAsyncDisposable
{
    private IDbContextTransaction? _transaction;
    private Func<CancellationToken, Task>? _claim;
    private bool _holdsWriter;
    private bool _reservesIds;

    public AuditTrail Audit => audit;

    /// <summary>The customers whom this transaction's response may be about: those whose data it has changed so far, and those whom it shows.</summary>
    public List<long> Subjects { get; } = [];

    /// <summary>Runs the work in its own transaction, or in the transaction that is already open.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
        where T : IResult
    {
        if (_transaction is not null)
        {
            var joined = await work();
            if (Succeeded(joined))
            {
                await SaveAsync(cancellationToken);
            }

            return joined;
        }

        var staysOpen = false;
        await BeginAsync(cancellationToken);
        try
        {
            await (_claim?.Invoke(cancellationToken) ?? Task.CompletedTask);
            var result = await work();
            if (Succeeded(result))
            {
                await SaveAsync(cancellationToken);
                if (_claim is null)
                {
                    await CommitAsync();
                }
                else
                {
                    staysOpen = true;
                }
            }

            return result;
        }
        finally
        {
            if (!staysOpen)
            {
                await DisposeAsync();
            }
        }
    }

    /// <summary>Runs work that does not come from a request. Commits if the work returns true. Returns whether it did.</summary>
    public async Task<bool> RunAsync(Func<Task<bool>> work, CancellationToken cancellationToken) =>
        Succeeded(await RunAsync<IResult>(async () => await work() ? TypedResults.NoContent() : Problems.NotFound(), cancellationToken));

    /// <summary>
    /// Sets what each transaction of this request begins with. It runs inside the transaction and not before, so that the request holds no lock until
    /// then. A successful transaction stays open, because the response is stored in it; the caller of this method commits it.
    /// </summary>
    public void BeginWith(Func<CancellationToken, Task> claim) => _claim = claim;

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        // Any failure fails the whole transaction, so a savepoint around every save would cost two round trips for nothing.
        db.Database.AutoSavepointsEnabled = false;
        if (!database.IsPostgres)
        {
            if (!await database.Writer.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken))
            {
                throw new TimeoutException("SQLite's writer was busy for ten seconds.");
            }

            _holdsWriter = true;
        }

        if (!_reservesIds)
        {
            await ids.ReserveAsync(cancellationToken);
            _reservesIds = true;
        }
        _transaction = await db.Database.BeginTransactionAsync(cancellationToken);
    }

    /// <summary>Sends the changes of tracked entities and their audit entries to the database.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        Subjects.AddRange(audit.Customers);
        await audit.WriteAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Cannot be cancelled: a client that disconnects must not interrupt a commit.</summary>
    public Task CommitAsync() => _transaction!.CommitAsync(CancellationToken.None);

    /// <summary>Ends the transaction and rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        audit.Clear();
        Subjects.Clear();
        try
        {
            if (_transaction is not null)
            {
                var ending = _transaction;
                _transaction = null;
                db.ChangeTracker.Clear();
                await ending.DisposeAsync();
            }
        }
        finally
        {
            if (_reservesIds)
            {
                _reservesIds = false;
                ids.Release();
            }

            if (_holdsWriter)
            {
                _holdsWriter = false;
                database.Writer.Release();
            }
        }
    }

    private static bool Succeeded(IResult result) =>
        ((result is INestedHttpResult nested ? nested.Result : result) as IStatusCodeHttpResult)?.StatusCode is null or < 400;
}
