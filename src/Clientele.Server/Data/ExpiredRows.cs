namespace Clientele.Server.Data;

/// <summary>
/// Deletes rows that have expired. Large tables are emptied in batches, so that nobody waits long for SQLite's writer. Their statements repeat the
/// condition outside of the batch, so that a row that was renewed meanwhile stays.
/// </summary>
internal static class ExpiredRows
{
    public const int BatchSize = 1000;

    /// <summary>
    /// Deletes batches until one is not full. With distributed tables, the keys of a batch travel to the coordinator and back to the workers, which
    /// delete their own rows.
    /// </summary>
    public static async Task DeleteBatchesAsync(Database database, Func<Task<int>> deleteBatch, CancellationToken cancellationToken)
    {
        while (await DeleteAsync(database, deleteBatch, cancellationToken) >= BatchSize)
        {
        }
    }

    /// <summary>Deletes all of them at once.</summary>
    public static async Task<int> DeleteAsync(Database database, Func<Task<int>> delete, CancellationToken cancellationToken)
    {
        await database.Writer.WaitAsync(cancellationToken);
        try
        {
            return await delete();
        }
        finally
        {
            database.Writer.Release();
        }
    }
}
