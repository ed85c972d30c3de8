using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Analytics;
using Clientele.Server.Customers;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Loyalty;
using Clientele.Server.Privacy;
using Clientele.Server.Segments;

namespace Clientele.Server.Http;

/// <summary>Who may call an endpoint. Whose rows they then find is <see cref="Caller"/>'s business.</summary>
internal enum Who
{
    /// <summary>Everybody; a bad token is ignored.</summary>
    Public,

    /// <summary>Everybody who is signed in, for their own things.</summary>
    Authenticated,

    /// <summary>The owner and admins; for anybody else the resource does not exist.</summary>
    OwnerOrAdmin,

    /// <summary>Admins.</summary>
    Admin,
}

/// <summary>The one table of who may call what. An endpoint without a row keeps the service from starting.</summary>
internal static class Permissions
{
    public static readonly IReadOnlyDictionary<string, Who> Table = new Dictionary<string, Who>
    {
        [nameof(AccountsEndpoints.RegisterCustomer)] = Who.Public,
        [nameof(AccountsEndpoints.CreateToken)] = Who.Public,
        [nameof(AccountsEndpoints.RefreshToken)] = Who.Public,
        [nameof(AccountsEndpoints.RevokeToken)] = Who.Public,
        [nameof(AccountsEndpoints.GetJwks)] = Who.Public,
        [nameof(AccountsEndpoints.ChangePassword)] = Who.Authenticated,

        [nameof(CustomersEndpoints.ListCustomers)] = Who.Admin,
        [nameof(CustomersEndpoints.GetMe)] = Who.Authenticated,
        [nameof(CustomersEndpoints.ReplaceProfile)] = Who.Authenticated,
        [nameof(CustomersEndpoints.UpdateProfile)] = Who.Authenticated,
        [nameof(CustomersEndpoints.GetCustomer)] = Who.OwnerOrAdmin,
        [nameof(CustomersEndpoints.ReplaceCustomer)] = Who.OwnerOrAdmin,
        [nameof(CustomersEndpoints.UpdateCustomer)] = Who.OwnerOrAdmin,
        [nameof(CustomersEndpoints.DeleteCustomer)] = Who.Admin,
        [nameof(LifecycleEndpoints.VerifyCustomer)] = Who.Admin,
        [nameof(LifecycleEndpoints.MakeCustomerVip)] = Who.Admin,
        [nameof(LifecycleEndpoints.DeactivateCustomer)] = Who.OwnerOrAdmin,
        [nameof(LifecycleEndpoints.ReactivateCustomer)] = Who.Admin,
        [nameof(BenefitsEndpoints.GetBenefits)] = Who.OwnerOrAdmin,

        [nameof(StatsEndpoints.GetStats)] = Who.OwnerOrAdmin,
        [nameof(OrdersEndpoints.ListOrders)] = Who.OwnerOrAdmin,
        [nameof(OrdersEndpoints.PutOrder)] = Who.Admin,
        [nameof(OrdersEndpoints.PutOrders)] = Who.Admin,
        [nameof(WishlistEndpoints.ListWishlist)] = Who.OwnerOrAdmin,
        [nameof(WishlistEndpoints.PutWishlistItem)] = Who.OwnerOrAdmin,
        [nameof(WishlistEndpoints.DeleteWishlistItem)] = Who.OwnerOrAdmin,
        [nameof(ReviewsEndpoints.ListReviews)] = Who.OwnerOrAdmin,
        [nameof(ReviewsEndpoints.PutReview)] = Who.Admin,
        [nameof(ReviewsEndpoints.DeleteReview)] = Who.Admin,
        [nameof(LoyaltyEndpoints.UpdateLoyaltyTier)] = Who.Admin,
        [nameof(LoyaltyEndpoints.GetLoyalty)] = Who.OwnerOrAdmin,
        [nameof(PointsEndpoints.AddLoyaltyPoints)] = Who.Admin,
        [nameof(PointsEndpoints.RedeemLoyaltyPoints)] = Who.Admin,
        [nameof(PointsEndpoints.ListLoyaltyEntries)] = Who.OwnerOrAdmin,
        [nameof(PointsEndpoints.ReverseLoyaltyEntry)] = Who.Admin,
        [nameof(ProgrammeEndpoints.GetLoyaltyProgramme)] = Who.Public,
        [nameof(ProgrammeEndpoints.SimulateTiers)] = Who.Admin,
        [nameof(ProgrammeEndpoints.GetLiability)] = Who.Admin,
        [nameof(PrivacyEndpoints.ExportCustomer)] = Who.OwnerOrAdmin,
        [nameof(PrivacyEndpoints.ListHistory)] = Who.Admin,
        [nameof(AnalyticsEndpoints.GetAnalytics)] = Who.Admin,

        [nameof(AddressesEndpoints.ListAddresses)] = Who.Authenticated,
        [nameof(AddressesEndpoints.CreateAddress)] = Who.Authenticated,
        [nameof(AddressesEndpoints.GetAddress)] = Who.OwnerOrAdmin,
        [nameof(AddressesEndpoints.ReplaceAddress)] = Who.OwnerOrAdmin,
        [nameof(AddressesEndpoints.UpdateAddress)] = Who.OwnerOrAdmin,
        [nameof(AddressesEndpoints.DeleteAddress)] = Who.OwnerOrAdmin,
        [nameof(AddressesEndpoints.SetDefaultAddress)] = Who.OwnerOrAdmin,

        [nameof(GroupsEndpoints.ListGroups)] = Who.Authenticated,
        [nameof(GroupsEndpoints.CreateGroup)] = Who.Admin,
        [nameof(GroupsEndpoints.GetGroup)] = Who.Authenticated,
        [nameof(GroupsEndpoints.ReplaceGroup)] = Who.Admin,
        [nameof(GroupsEndpoints.UpdateGroup)] = Who.Admin,
        [nameof(GroupsEndpoints.DeleteGroup)] = Who.Admin,
        [nameof(RulesEndpoints.ListRuleFields)] = Who.Admin,
        [nameof(RulesEndpoints.PreviewRule)] = Who.Admin,
        [nameof(RulesEndpoints.ExplainMembership)] = Who.Admin,
        [nameof(MembersEndpoints.ListMembers)] = Who.Authenticated,
        [nameof(MembersEndpoints.AddMember)] = Who.Admin,
        [nameof(MembersEndpoints.RemoveMember)] = Who.Admin,
        [nameof(MembersEndpoints.ResetMember)] = Who.Admin,
        [nameof(SegmentsEndpoints.ListGroupChanges)] = Who.Admin,
        [nameof(SegmentsEndpoints.RebuildGroup)] = Who.Admin,

        [nameof(HealthEndpoints.GetLiveness)] = Who.Public,
        [nameof(HealthEndpoints.GetReadiness)] = Who.Public,
        [nameof(OpenApi.GetDescription)] = Who.Public,
    };

    /// <summary>Gives every endpoint of the group its row of the table.</summary>
    public static void RequirePermissions(this IEndpointConventionBuilder endpoints) => endpoints.Finally(endpoint =>
    {
        var name = endpoint.Metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName;
        if (name is null || !Table.TryGetValue(name, out var who))
        {
            throw new InvalidOperationException($"{endpoint.DisplayName} has no row in {nameof(Permissions)}.{nameof(Table)}.");
        }

        endpoint.Metadata.Add(who == Who.Public
            ? new Microsoft.AspNetCore.Authorization.AllowAnonymousAttribute()
            : new Microsoft.AspNetCore.Authorization.AuthorizeAttribute { Roles = who == Who.Admin ? Roles.Admin : null });
        endpoint.Metadata.Add(new Permission(who));
    });

    internal sealed record Permission(Who Who);
}
