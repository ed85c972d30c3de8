using System.Security.Cryptography;

namespace Clientele.Server.Data;

/// <summary>
/// Work that any number of nodes look for at the same time. Each claims a batch until an instant, by a guarded update that no other node can
/// repeat; what a node that died has claimed is free again after that.
/// </summary>
internal static class Lease
{
    private const int Tries = 6;

    /// <summary>
    /// Claims the oldest, and returns what was won. Who has lost them to another node chooses among as many batches as it has lost, so that not all
    /// nodes go on to the same one.
    /// </summary>
    /// <param name="isAny">Whether there is anything to claim: an empty queue is no reason to write.</param>
    /// <param name="claim">Claims a batch after so many of the oldest.</param>
    /// <param name="most">How large a batch is at most.</param>
    public static async Task<List<T>> ClaimAsync<T>(Func<Task<bool>> isAny, Func<int, Task<List<T>>> claim, int most)
    {
        for (var lost = 0; lost < Tries && await isAny(); lost++)
        {
            try
            {
                var won = await claim(RandomNumberGenerator.GetInt32(lost + 1) * most);
                if (won.Count > 0)
                {
                    return won;
                }
            }
            catch (Exception failure) when (Database.IsDeadlock(failure))
            {
                // Two nodes updated the same rows in different order. The other node has the rows now.
            }
        }

        return [];
    }
}
