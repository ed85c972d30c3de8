using Clientele.Client;
using Microsoft.AspNetCore.Components;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>A tab of the customer page.</summary>
/// <param name="Name">The last part of its address.</param>
/// <param name="Label">The name on the page.</param>
/// <param name="Content">What it shows.</param>
/// <param name="CountAsync">Counts its rows; null if it has none.</param>
internal sealed record CustomerTab(
    string Name, string Label, RenderFragment Content, Func<ClienteleClient, CustomerResponse, CancellationToken, Task<long>>? CountAsync = null)
{
    public static readonly IReadOnlyList<CustomerTab> All =
    [
        new("profile", "Profile", Of<ProfileTab>()),
        new("addresses", "Addresses", Of<AddressesTab>(), (_, customer, _) => Task.FromResult((long)customer.Addresses.Count)),
        new("orders", "Orders", Of<OrdersTab>(), async (api, customer, token) =>
            (await api.Orders.ListAsync(customer.Id, new OrderQuery { PageSize = 1 }, token).ConfigureAwait(true)).Count ?? 0),
        new("points", "Points", Of<PointsTab>()),
        new("tier", "Tier", Of<TierTab>()),
        new("groups", "Groups", Of<GroupsTab>(), (_, customer, _) => Task.FromResult((long)customer.CustomerGroups.Count)),
        new("wishlist", "Wishlist", Of<WishlistTab>(), async (api, customer, token) =>
            (await api.Wishlists.ListAsync(customer.Id, new WishlistQuery { PageSize = 1 }, token).ConfigureAwait(true)).Count ?? 0),
        new("reviews", "Reviews", Of<ReviewsTab>(), async (api, customer, token) =>
            (await api.Reviews.ListAsync(customer.Id, new ReviewQuery { PageSize = 1 }, token).ConfigureAwait(true)).Count ?? 0),
        new("consents", "Consents", Of<ConsentsTab>()),
        new("messages", "Messages", Of<MessagesTab>(), async (api, customer, token) =>
            (await api.Messages.ListAsync(new MessageQuery { Customer = customer.Id, PageSize = 1 }, token).ConfigureAwait(true)).Count ?? 0),
        new("sessions", "Sessions", Of<SessionsTab>(), async (api, customer, token) =>
            (await api.Sessions.ListAsync(customer.Id, token).ConfigureAwait(true)).Count),
        new("audit", "Audit", Of<AuditTab>()),
    ];

    private static RenderFragment Of<TTab>()
        where TTab : IComponent => builder =>
    {
        builder.OpenComponent<TTab>(0);
        builder.CloseComponent();
    };
}
