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
    private readonly List<Func<Task>> _afterRollback = [];
    private bool _holdsWriter;
    private bool _committed;

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

        await BeginAsync(cancellationToken);
        try
        {
            var result = await work();
            if (Succeeded(result))
            {
                await SaveAsync(cancellationToken);
                await CommitAsync();
            }

            return result;
        }
        finally
        {
            await DisposeAsync();
        }
    }

    public bool IsOpen => _transaction is not null;

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!database.IsPostgres)
        {
            if (!await database.Writer.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken))
            {
                throw new TimeoutException("SQLite's writer was busy for ten seconds.");
            }

            _holdsWriter = true;
            await ids.EnsureAsync(cancellationToken);
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
    public async Task CommitAsync()
    {
        await _transaction!.CommitAsync(CancellationToken.None);
        _committed = true;
    }

    /// <summary>What has to be counted even if the transaction comes to nothing, such as a failed guess.</summary>
    public void AfterRollback(Func<Task> work) => _afterRollback.Add(work);

    /// <summary>Ends the transaction; what was not committed is rolled back.</summary>
    public async ValueTask DisposeAsync()
    {
        audit.Clear();
        Subjects.Clear();
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
            _transaction = null;
            db.ChangeTracker.Clear();
        }

        if (_holdsWriter)
        {
            _holdsWriter = false;
            database.Writer.Release();
        }

        var lost = _committed ? [] : _afterRollback.ToArray();
        _afterRollback.Clear();
        _committed = false;
        foreach (var work in lost)
        {
            await work();
        }
    }

    private static bool Succeeded(IResult result) =>
        ((result is INestedHttpResult nested ? nested.Result : result) as IStatusCodeHttpResult)?.StatusCode is null or < 400;
}
