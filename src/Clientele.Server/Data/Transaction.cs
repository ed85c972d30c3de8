using Microsoft.EntityFrameworkCore.Storage;

namespace Clientele.Server.Data;

/// <summary>The transaction of a write: either all of it is committed, or nothing. A scope has one at a time.</summary>
internal class Transaction(ClienteleDb db, Database database, IdBlocks ids) : IAsyncDisposable
{
    private IDbContextTransaction? _open;
    private bool _holdsWriter;
    private bool _reservesIds;

    public bool IsOpen => _open is not null;

    /// <summary>
    /// Runs in <see cref="SaveAsync"/>, for what must be saved with the changes, such as their audit entries. Code in between may save directly.
    /// </summary>
    public List<Func<CancellationToken, Task>> Saving { get; } = [];

    /// <summary>Runs when the transaction has ended, whether or not it was committed.</summary>
    public List<Action> Ended { get; } = [];

    /// <summary>Runs the work in its own transaction. Commits unless the work throws.</summary>
    public Task RunAsync(Func<Task> work, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await work();
            return true;
        },
        cancellationToken);

    /// <summary>Runs the work in its own transaction. Commits if the work returns true. Returns whether it did.</summary>
    public async Task<bool> RunAsync(Func<Task<bool>> work, CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(cancellationToken);
            if (!await work())
            {
                return false;
            }

            await SaveAndCommitAsync(cancellationToken);
            return true;
        }
        finally
        {
            await DisposeAsync();
        }
    }

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

        _open = await db.Database.BeginTransactionAsync(cancellationToken);
    }

    /// <summary>Sends the changes of tracked entities, and what belongs to them, to the database.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Saves the last changes and commits.</summary>
    protected async Task SaveAndCommitAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        await db.SaveAndCommitAsync();
    }

    /// <summary>Cannot be cancelled: a client that disconnects must not interrupt a commit.</summary>
    public Task CommitAsync() => _open!.CommitAsync(CancellationToken.None);

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var saving in Saving)
        {
            await saving(cancellationToken);
        }
    }

    /// <summary>Ends the transaction and rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Ended.ForEach(ended => ended());
        try
        {
            if (_open is not null)
            {
                var ending = _open;
                _open = null;
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
}
