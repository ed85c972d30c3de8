using System.Globalization;

namespace Clientele.Tests.Support;

/// <summary>
/// Settings by which <c>bin/bench</c> runs the proofs for longer. <c>CLIENTELE_PROOF_HISTORIES</c>, <c>_KILLS</c>, <c>_RULES</c> and <c>_BODIES</c>
/// are how many, <c>_SECONDS</c> is how long; <c>CLIENTELE_PROOF_SEED</c> is the first random seed.
/// </summary>
internal static class LongRun
{
    private static readonly StreamWriter Errors = new(Console.OpenStandardError()) { AutoFlush = true };

    public static int? Histories { get; } = Number("HISTORIES");

    public static int? Kills { get; } = Number("KILLS");

    public static int? Rules { get; } = Number("RULES");

    public static int? Bodies { get; } = Number("BODIES");

    public static int? Seconds { get; } = Number("SECONDS");

    public static int Seed { get; } = Number("SEED") ?? 1;

    /// <summary>Reports how many more are done in a long run.</summary>
    public static async Task ReportAsync(string what, int more)
    {
        if ((Histories ?? Kills ?? Rules ?? Bodies ?? Seconds) is not null)
        {
            await Errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"proved: {more} {what}"));
        }
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable($"CLIENTELE_PROOF_{name}"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
