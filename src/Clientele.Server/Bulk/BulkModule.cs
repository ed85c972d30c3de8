namespace Clientele.Server.Bulk;

/// <summary>The services and routes of changes of many customers at once.</summary>
internal static class BulkModule
{
    public static void AddBulk(this IServiceCollection services)
    {
        services.AddSingleton<BulkSignal>().AddScoped<BulkJobs>().AddScoped<BulkStep>().AddScoped<BulkChanges>().AddScoped<IMaintenance, OldBulkJobs>();
        services.AddScoped<IDatabaseGauges, BulkGauges>();
        services.AddSingleton<BulkWorker>().AddHostedService(provider => provider.GetRequiredService<BulkWorker>());
    }

    public static void MapBulk(this IEndpointRouteBuilder api) => BulkEndpoints.Map(api);
}
