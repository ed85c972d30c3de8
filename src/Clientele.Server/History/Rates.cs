namespace Clientele.Server.History;

/// <summary>Exchange rates are stored as integers, because SQLite has no decimals.</summary>
internal static class Rates
{
    public const decimal Scale = 10_000_000_000m;
    public const decimal Highest = 100_000_000m;
}
