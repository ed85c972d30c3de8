using Clientele.Server.Operations;

namespace Clientele.Server.History;

/// <summary>The services and routes of orders, wishlists, reviews and their statistics.</summary>
internal static class HistoryModule
{
    public static void AddHistory(this IServiceCollection services) =>
        services.AddSettings<Store>("Store").AddScoped<OrderIngestion>().AddScoped<OrderBatch>().AddScoped<ICustomerCheck, OrderCheck>();

    public static void MapHistory(this IEndpointRouteBuilder api)
    {
        StatsEndpoints.Map(api);
        OrdersEndpoints.Map(api);
        WishlistEndpoints.Map(api);
        ReviewsEndpoints.Map(api);
    }
}
