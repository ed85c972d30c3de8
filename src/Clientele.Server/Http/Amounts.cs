namespace Clientele.Server.Http;

/// <summary>Reads amounts of money and percentages in bodies, query strings and rules.</summary>
internal static class Amounts
{
    /// <summary>Leaves room for sums: amounts are stored in minor units.</summary>
    private const decimal Largest = long.MaxValue / 1000m;

    /// <summary>A number with at most two decimal places.</summary>
    public static bool TryParse(string? text, out decimal amount) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount)
        && decimal.Round(amount, 2) == amount && Math.Abs(amount) <= Largest;
}
