namespace Clientele.Server.Demo;

/// <summary>The services of the demo shop.</summary>
internal static class DemoModule
{
    public static void AddDemo(this IServiceCollection services) => services.AddScoped<DemoSeed>();
}
