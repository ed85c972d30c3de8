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

    public async ValueTask<long> NextAsync(string kind, CancellationToken cancellationToken)
    {
        var block = _blocks[kind];
        while (true)
        {
            if (block.TryTake(out var id))
            {
                return id;
            }

            await RefillAsync(kind, block, cancellationToken);
        }
    }

    /// <summary>Makes sure that a transaction on SQLite, which keeps every other connection from writing, finds its ids taken.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var (kind, block) in _blocks)
        {
            if (block.IsEmpty)
            {
                await RefillAsync(kind, block, cancellationToken);
            }
        }
    }

    private async Task RefillAsync(string kind, Block block, CancellationToken cancellationToken)
    {
        await block.Refilling.WaitAsync(cancellationToken);
        try
        {
            if (block.IsEmpty)
            {
                // Small at first, so that a short visit of the command line leaves no gap.
                var end = await database.TakeIdsAsync(kind, block.NextSize, cancellationToken);
                block.Add(end - block.NextSize, end);
                block.NextSize = Math.Min(block.NextSize * 2, LargestBlock);
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

        public bool IsEmpty => _ids.IsEmpty;

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
