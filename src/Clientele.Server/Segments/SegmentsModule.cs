using Clientele.Server.Operations;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Segments;

/// <summary>The services and routes of segments and their rules.</summary>
internal static class SegmentsModule
{
    public static void AddSegments(this IServiceCollection services)
    {
        services.AddSingleton<SegmentQueue>().AddSingleton<IInterceptor>(provider => provider.GetRequiredService<SegmentQueue>());
        services.AddSingleton<SegmentRules>().AddSingleton<SegmentBuild>().AddSingleton<ClockSweep>();
        services.AddScoped<GroupGraph>().AddScoped<Evaluation>().AddScoped<ICheck, SegmentCheck>();
        services.AddSingleton<SegmentWorker>().AddHostedService(provider => provider.GetRequiredService<SegmentWorker>());
    }

    public static void MapSegments(this IEndpointRouteBuilder api)
    {
        SegmentsEndpoints.Map(api);
        RulesEndpoints.Map(api);
    }
}
