using Clientele.Server.Http;
using Clientele.Server.Privacy;
using Microsoft.EntityFrameworkCore.Storage;

namespace Clientele.Server.Data;

/// <summary>
/// The transaction of a write: the change, its audit entries and, where the client named a key, the stored answer, all or
/// nothing. A result that is no success rolls everything back.
/// </summary>
internal sealed class UnitOfWork(ClienteleDb db, Database database, IdBlocks ids, AuditTrail audit) : IAsyncDisposable
{
    private IDbContextTransaction? _transaction;
    private Func<CancellationToken, Task>? _claim;
    private bool _holdsWriter;
    private bool _reservesIds;

    public AuditTrail Audit => audit;

    /// <summary>The customers of whom this transaction's answer may tell: those whose things it has changed so far, and whose it shows.</summary>
    public List<long> Subjects { get; } = [];

    /// <summary>Runs the work in a transaction of its own, or in the one that is open already.</summary>
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

    /// <summary>Runs work that nobody has asked for by a request, and commits where it says so. Returns whether it did.</summary>
    public async Task<bool> RunAsync(Func<Task<bool>> work, CancellationToken cancellationToken) =>
        Succeeded(await RunAsync<IResult>(async () => await work() ? TypedResults.NoContent() : Problems.NotFound(), cancellationToken));

    /// <summary>
    /// What each unit of this request begins with, inside its transaction and not before: what the request does until then holds no
    /// lock. A unit that succeeds stays open, for the answer is to be stored in it; whoever claims commits.
    /// </summary>
    public void BeginWith(Func<CancellationToken, Task> claim) => _claim = claim;

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        // What fails fails the whole transaction: a savepoint around every save would be two more round trips for nothing.
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

    /// <summary>Not to be cancelled: a client that has gone must not leave a commit half asked for.</summary>
    public Task CommitAsync() => _transaction!.CommitAsync(CancellationToken.None);

    /// <summary>Ends the transaction; what was not committed is rolled back.</summary>
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
