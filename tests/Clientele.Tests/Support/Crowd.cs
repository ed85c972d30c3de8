namespace Clientele.Tests.Support;

/// <summary>Many clients that all start at the same instant.</summary>
public static class Crowd
{
    public const int Size = 32;

    /// <summary>The result of each client, in their order.</summary>
    public static Task<T[]> AtOnceAsync<T>(Func<int, Task<T>> act) => AtOnceAsync(Size, act);

    /// <summary>The result of each of this number of clients, in their order.</summary>
    public static async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> act)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clients = Enumerable.Range(0, count).Select(async i =>
        {
            await start.Task;
            return await act(i);
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(clients);
    }
}
