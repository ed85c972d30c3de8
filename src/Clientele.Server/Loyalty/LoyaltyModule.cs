using Clientele.Server.Operations;

namespace Clientele.Server.Loyalty;

/// <summary>The services and routes of tiers and points.</summary>
internal static class LoyaltyModule
{
    public static void AddLoyalty(this IServiceCollection services)
    {
        services.AddSettings<Programme>("Loyalty");
        services.AddScoped<TierLadder>().AddScoped<Ledger>().AddScoped<Earnings>().AddScoped<ISweep, Retiering>().AddScoped<ISweep, Backfill>();
        services.AddSingleton<Upkeep>().AddSingleton<IMaintenance>(provider => provider.GetRequiredService<Upkeep>());
        services.AddHostedService(provider => provider.GetRequiredService<Upkeep>());
        services.AddScoped<ICustomerCheck, PointsCheck>().AddScoped<ICheck, TierCheck>().AddScoped<IDatabaseGauges, PointsGauges>();
    }

    public static void MapLoyalty(this IEndpointRouteBuilder api)
    {
        LoyaltyEndpoints.Map(api);
        PointsEndpoints.Map(api);
        LotsEndpoints.Map(api);
        ProgrammeEndpoints.Map(api);
    }
}
