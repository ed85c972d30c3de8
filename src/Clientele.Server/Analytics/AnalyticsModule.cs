namespace Clientele.Server.Analytics;

/// <summary>The services and routes of analytics.</summary>
internal static class AnalyticsModule
{
    public static void AddAnalytics(this IServiceCollection services) =>
        services.AddSingleton<Snapshots>().AddHostedService(provider => provider.GetRequiredService<Snapshots>());

    public static void MapAnalytics(this IEndpointRouteBuilder api)
    {
        AnalyticsEndpoints.Map(api);
        SeriesEndpoints.Map(api);
    }
}
