using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Data;

/// <summary>Where the ids of a kind go on.</summary>
[Table("id_blocks", TableClass.Local)]
internal sealed class IdBlock
{
    public required string Kind { get; init; }

    /// <summary>The first id that nobody has taken.</summary>
    public required long Next { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<IdBlock>
    {
        public void Configure(EntityTypeBuilder<IdBlock> builder) => builder.HasKey(b => b.Kind);
    }
}

/// <summary>
/// Ids before the INSERT, the same way on both databases: each node takes a block by one statement and hands it out.
/// A block is never taken inside the transaction that uses it, for a rollback would hand the same ids out twice.
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
        while (true)
        {
            if (block.TryTake(out var id))
            {
                return id;
            }

            await RefillAsync(kind, block, atLeast: 1, cancellationToken);
        }
    }

    /// <summary>
    /// Sees to it, before a transaction begins, that it will find an id of every kind taken: one for each transaction that is open. In the
    /// middle of it there may be no connection to take them by. SQLite has no other that writes, and behind a pooler all may be in the hands of
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

    /// <summary>A transaction has ended.</summary>
    public void Release() => Interlocked.Decrement(ref _open);

    private async Task RefillAsync(string kind, Block block, int atLeast, CancellationToken cancellationToken)
    {
        await block.Refilling.WaitAsync(cancellationToken);
        try
        {
            if (block.Count is var left && left < atLeast)
            {
                // Small at first, so that a short visit of the command line leaves no gap.
                var size = Math.Max(block.NextSize, atLeast - left);
                var end = await database.TakeIdsAsync(kind, size, cancellationToken);
                block.Add(end - size, end);
                block.NextSize = Math.Min(size * 2, LargestBlock);
            }
        }
        finally
        {
            block.Refilling.Release();
        }
    }

    private sealed class Block
    {
        private readonly ConcurrentQueue<long> _ids = new();

        public SemaphoreSlim Refilling { get; } = new(1, 1);

        public int NextSize { get; set; } = 1;

        public int Count => _ids.Count;

        public bool TryTake(out long id) => _ids.TryDequeue(out id);

        public void Add(long from, long end)
        {
            for (var id = from; id < end; id++)
            {
                _ids.Enqueue(id);
            }
        }
    }
}
