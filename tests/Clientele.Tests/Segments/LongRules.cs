using System.Globalization;

namespace Clientele.Tests.Segments;

/// <summary>
/// For a long run of the proof: <c>CLIENTELE_SEGMENTS_RULES</c> is how many random rules are asked, <c>CLIENTELE_SEGMENTS_SEED</c>
/// begins elsewhere.
/// </summary>
internal static class LongRules
{
    public const int InTheSuite = 504;

    public static int? Asked { get; } = Number("CLIENTELE_SEGMENTS_RULES");

    public static int Count => Asked ?? InTheSuite;

    public static int Seed { get; } = Number("CLIENTELE_SEGMENTS_SEED") ?? 1;

    /// <summary>Tells whoever waits for a long run how many more are done.</summary>
    public static async Task SayAsync(int more)
    {
        if (Asked is not null)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"segments: {more} rules"));
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
