namespace Clientele.ConsoleApp.Pages.Charts;

/// <summary>The vertical axis of a chart.</summary>
internal static class Scale
{
    private const int Lines = 5;

    /// <summary>The distance of two lines: 1, 2 or 5 with zeros, so that about five lines reach the highest value.</summary>
    public static int Step(double highest)
    {
        var step = 1L;
        for (var i = 0; step * Lines < highest; i++)
        {
            step = i % 3 == 1 ? step / 2 * 5 : step * 2;
        }

        return (int)Math.Min(step, int.MaxValue);
    }
}
