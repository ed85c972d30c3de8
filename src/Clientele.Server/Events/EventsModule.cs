using Clientele.Server.Operations;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Events;

/// <summary>The services and routes of what has happened.</summary>
internal static class EventsModule
{
    public static void AddEvents(this IServiceCollection services)
    {
        services.AddSettings<EventSettings>("Events");
        services.AddSingleton<AsyncApi.Description>().AddSingleton<EventSignal>();
        services.AddSingleton<EventLog>().AddSingleton<IInterceptor>(provider => provider.GetRequiredService<EventLog>());
        services.AddScoped<EventFeed>().AddScoped<IMaintenance, ExpiringPoints>().AddScoped<IMaintenance, OldEvents>().AddScoped<ICheck, EventsCheck>();
        services.AddScoped<IDatabaseGauges, EventGauges>();
        services.AddSingleton<EventPositions>().AddHostedService(provider => provider.GetRequiredService<EventPositions>());
    }

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        EventsEndpoints.Map(api);
        AsyncApi.Map(api);
    }
}
