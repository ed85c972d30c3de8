using System.Collections.Concurrent;

namespace Clientele.Server.Data;

/// <summary>The next free id of a kind.</summary>
[Table("id_blocks", TableClass.Local)]
[PrimaryKey(nameof(Kind))]
internal sealed class IdBlock
{
    public required string Kind { get; init; }

    /// <summary>The first id that no node has taken.</summary>
    public required long Next { get; init; }
}

/// <summary>
/// Assigns ids before the INSERT, in the same way on both databases. Each node takes a block of ids with one statement and hands them out. A block is
/// never taken inside the transaction that uses it, because a rollback would hand the same ids out twice.
/// </summary>
internal sealed class IdBlocks(Database database)
{
    public const string Customers = "customers";
    public const string Addresses = "addresses";
    public const string Groups = "groups";
    public const string Changes = "changes";
    private const int LargestBlock = 128;

    private readonly ConcurrentDictionary<string, Block> _blocks = new(
        new[] { Customers, Addresses, Groups, Changes }.Select(kind => KeyValuePair.Create(kind, new Block())));

    private int _open;

    public async ValueTask<long> NextAsync(string kind, CancellationToken cancellationToken)
    {
        var block = _blocks[kind];
        long id;
        while (!block.TryDequeue(out id))
        {
            await RefillAsync(kind, block, atLeast: 1, cancellationToken);
        }

        return id;
    }

    /// <summary>
    /// Called before a transaction begins. Makes sure that there is an id of every kind for each open transaction. In the middle of a transaction
    /// there may be no connection to take ids with: SQLite has no second one that writes, and behind a pooler all connections may be used by
    /// transactions that wait for a lock of this one.
    /// </summary>
    public async Task ReserveAsync(CancellationToken cancellationToken)
    {
        var open = Interlocked.Increment(ref _open);
        try
        {
            foreach (var (kind, block) in _blocks)
            {
                if (block.Count < open)
                {
                    await RefillAsync(kind, block, open, cancellationToken);
                }
            }
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Called when a transaction has ended.</summary>
    public void Release() => Interlocked.Decrement(ref _open);

    private async Task RefillAsync(string kind, Block block, int atLeast, CancellationToken cancellationToken)
    {
        await block.Refilling.WaitAsync(cancellationToken);
        try
        {
            if (block.Count is var left && left < atLeast)
            {
                // Small at first, so that short runs of the command line leave no gaps.
                var size = Math.Max(block.NextSize, atLeast - left);
                var end = await database.TakeIdsAsync(kind, size, cancellationToken);
                for (var id = end - size; id < end; id++)
                {
                    block.Enqueue(id);
                }

                block.NextSize = Math.Min(size * 2, LargestBlock);
            }
        }
        finally
        {
            block.Refilling.Release();
        }
    }

    private sealed class Block : ConcurrentQueue<long>
    {
        public SemaphoreSlim Refilling { get; } = new(1, 1);

        public int NextSize { get; set; } = 1;
    }
}
