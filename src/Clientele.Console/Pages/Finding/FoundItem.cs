using System.Globalization;
using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Finding;

/// <summary>A line among the results of the search.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Address">The page that it opens.</param>
/// <param name="Title">Its name.</param>
/// <param name="Detail">What distinguishes it from others with the same name.</param>
/// <param name="Tier">A customer's tier.</param>
/// <param name="Mark">What is special about it, such as <c>Inactive</c>.</param>
/// <param name="IsRest">Whether it leads to all that there are, because there are more than the lines before it.</param>
public sealed record FoundItem(
    FoundKind Kind, string Address, string Title, string Detail, string? Tier = null, string? Mark = null, bool IsRest = false)
{
    /// <summary>All that was found for a text, in the order in which it is shown.</summary>
    public static IReadOnlyList<FoundItem> Of(SearchResponse found, string text) =>
    [
        .. found.Customers.Select(Of),
        .. found.MoreCustomers ? [Rest(FoundKind.Customer, "customers", text)] : Array.Empty<FoundItem>(),
        .. found.Orders.Select(Of),
        .. found.Groups.Select(Of),
        .. found.MoreGroups ? [Rest(FoundKind.Group, "groups", text)] : Array.Empty<FoundItem>(),
    ];

    /// <summary>The page of a customer.</summary>
    public static string CustomerAddress(long id) => string.Create(CultureInfo.InvariantCulture, $"customers/{id}");

    private static FoundItem Rest(FoundKind kind, string page, string text) =>
        new(kind, $"{page}?search={Uri.EscapeDataString(text)}", $"All {page} with “{text}”", "These are the first ones.", IsRest: true);

    private static FoundItem Of(CustomerSummary customer) => new(
        FoundKind.Customer,
        CustomerAddress(customer.Id),
        customer.FullName,
        string.Join(" · ", new[] { customer.Email, customer.Phone, $"#{customer.Id.ToString(CultureInfo.InvariantCulture)}" }.OfType<string>()),
        customer.LoyaltyTier,
        !customer.IsActive ? "Inactive" : customer.IsVip ? "VIP" : null);

    private static FoundItem Of(FoundOrder order) => new(
        FoundKind.Order,
        string.Create(CultureInfo.InvariantCulture, $"customers/{order.Customer}/orders?order={Uri.EscapeDataString(order.OrderNumber)}"),
        order.OrderNumber,
        $"{order.CustomerName} · {order.Status.Replace('_', ' ')} · {Amounts.Text(order.Total, order.Currency)} · "
            + order.PlacedAt.ToLocalTime().ToString("d", CultureInfo.CurrentCulture));

    private static FoundItem Of(FoundGroup group) => new(
        FoundKind.Group,
        string.Create(CultureInfo.InvariantCulture, $"groups/{group.Id}"),
        group.Name,
        (group.AutoAssign ? "Segment · " : "Group · ")
            + Wording.Count(group.MembersCount, "member"));
}
