namespace Clientele.Server.Operations;

/// <summary>The services and routes of operating the service: its settings, checks, maintenance, health and stopping.</summary>
internal static class OperationsModule
{
    public static void AddOperations(this IServiceCollection services, IConfiguration configuration)
    {
        // The first four are the settings of Http/, which depends on nothing here.
        services.AddSettings<ServerSettings>("").AddSettings<RateLimits>("RateLimits").AddSettings<HeavyReads.Settings>("HeavyReads").AddSettings<Cors>("Cors")
            .AddSettings<DatabaseSettings>("Database").AddSettings<ShutdownSettings>("Shutdown").AddSettings<SecretsSettings>("Secrets");
        services.AddOptions<HostOptions>()
            .Configure<IOptions<ShutdownSettings>>((host, settings) => host.ShutdownTimeout = Draining.ShutdownTimeout(settings.Value));
        services.AddHostedService<Draining>().AddHostedService<Maintenance>().AddHostedService<Sweeps>();
        services.AddScoped<Check>().AddScoped<CheckResults>().AddScoped<IDatabaseGauges, CheckGauges>();
        services.AddTelemetry(configuration);
    }

    public static void MapOperations(this IEndpointRouteBuilder api) => HealthEndpoints.Map(api);
}
