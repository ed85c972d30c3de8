using System.Security.Cryptography;

namespace Clientele.Server.Data;

/// <summary>
/// For work that many nodes look for at the same time. Each node claims a batch until an instant, by a conditional update that no other node can
/// repeat. If the node dies, the batch is free again after that instant.
/// </summary>
internal static class Lease
{
    private const int Tries = 6;

    /// <summary>
    /// Claims a batch of the oldest items and returns what was claimed. A node that has lost n batches to other nodes chooses among n + 1 batches, so
    /// that not all nodes go on to the same one.
    /// </summary>
    /// <param name="isAny">Returns whether there is anything to claim: if not, nothing is written.</param>
    /// <param name="claim">Claims a batch after skipping this number of the oldest items.</param>
    /// <param name="most">The maximum size of a batch.</param>
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
