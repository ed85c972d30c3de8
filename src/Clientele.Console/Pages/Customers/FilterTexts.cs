using System.Globalization;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>What the chips say.</summary>
internal static class FilterTexts
{
    /// <summary>The text of a chip, in the viewer's language and time zone.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="value">Its valid value.</param>
    /// <param name="groupName">The name of the group with an id; null if it is not known.</param>
    /// <param name="currency">The store's currency; null if it is not known.</param>
    public static string Of(CustomerFilter filter, string value, Func<long, string?> groupName, string? currency) => filter.Kind switch
    {
        FilterKind.YesNo => filter.Says.Split('|')[value == "true" ? 0 : 1],
        FilterKind.Count => Counted(filter, long.Parse(value, CultureInfo.InvariantCulture)),
        FilterKind.Money => Filled(filter, Amounts.Text(decimal.Parse(value, CultureInfo.InvariantCulture), currency)),
        FilterKind.From or FilterKind.Until => Filled(filter, Day(CustomerFilter.Instant(value)!.Value)),
        FilterKind.Tier => Filled(filter, value.Length == 0 ? value : char.ToUpperInvariant(value[0]) + value[1..]),
        FilterKind.Group => Filled(filter, groupName(long.Parse(value, CultureInfo.InvariantCulture)) ?? $"#{value}"),
        FilterKind.Ids when CustomerFilter.Ids(value) is { Count: > 3 } ids => Filled(filter, ids.Count.ToString("N0", CultureInfo.CurrentCulture)),
        _ => Filled(filter, value),
    };

    private static string Counted(CustomerFilter filter, long number) =>
        Wording.Of(number, filter.Says.Split('|')[0], filter.Says.Split('|')[1]).Replace("{0}", Wording.Number(number), StringComparison.Ordinal);

    private static string Filled(CustomerFilter filter, string value) => filter.Says.Replace("{0}", value, StringComparison.Ordinal);

    /// <summary>A day of the viewer, with the time of day unless it is the day's beginning or end.</summary>
    private static string Day(DateTimeOffset instant)
    {
        var local = instant.ToLocalTime();
        var isWhole = local.TimeOfDay == TimeSpan.Zero || local.TimeOfDay >= new TimeSpan(0, 23, 59, 59);
        return local.ToString(isWhole ? "d" : "g", CultureInfo.CurrentCulture);
    }
}
