using System.Globalization;

namespace Clientele.Tests.Loyalty;

/// <summary>
/// What <c>bin/bench ledger</c> asks of the proofs of the ledger: the same, for longer. <c>CLIENTELE_LEDGER_HISTORIES</c> and
/// <c>CLIENTELE_LEDGER_KILLS</c> are how many; <c>CLIENTELE_LEDGER_SEED</c> begins elsewhere.
/// </summary>
internal static class LongRun
{
    public static int? Histories { get; } = Number("CLIENTELE_LEDGER_HISTORIES");

    public static int? Kills { get; } = Number("CLIENTELE_LEDGER_KILLS");

    public static int Seed { get; } = Number("CLIENTELE_LEDGER_SEED") ?? 1;

    /// <summary>Tells whoever waits for a long run how many more are done.</summary>
    public static async Task SayAsync(string what, int more)
    {
        if (Histories is not null || Kills is not null)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"ledger: {more} {what}"));
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
