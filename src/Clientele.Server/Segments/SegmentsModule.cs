using Clientele.Server.Operations;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Segments;

/// <summary>The services that keep the members of segments correct.</summary>
internal static class SegmentsModule
{
    public static void AddSegments(this IServiceCollection services)
    {
        services.AddSingleton<SegmentQueue>().AddSingleton<IInterceptor>(provider => provider.GetRequiredService<SegmentQueue>());
        services.AddSingleton<SegmentRules>().AddSingleton<SegmentBuild>().AddSingleton<ClockSweep>();
        services.AddScoped<Evaluation>().AddScoped<ICheck, SegmentCheck>().AddScoped<IDatabaseGauges, SegmentGauges>();
        services.AddSingleton<SegmentWorker>().AddHostedService(provider => provider.GetRequiredService<SegmentWorker>());
    }
}
