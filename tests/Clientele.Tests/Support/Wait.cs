namespace Clientele.Tests.Support;

/// <summary>Waiting for what happens in the background.</summary>
public static class Wait
{
    /// <summary>Waits until a condition holds; fails if it does not hold in time.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan within, string what)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < within, $"Not within {within}: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
