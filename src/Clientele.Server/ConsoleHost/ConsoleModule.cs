using Clientele.Server.Operations;

namespace Clientele.Server.ConsoleHost;

/// <summary>The console for the people of a shop: a Blazor WebAssembly program that uses the API like any other client.</summary>
internal static class ConsoleModule
{
    public const string Path = "/console";

    /// <summary>Where the published files of the console lie.</summary>
    public static string Folder { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "console");

    public static void AddConsole(this IServiceCollection services) => services.AddSettings<ConsoleSettings>("Console").AddSingleton<ConsolePage>();

    /// <summary>Maps the console's pages and sessions, and what is at the address of the service: the console, or the home page where there is none.</summary>
    public static void MapConsole(this IEndpointRouteBuilder api)
    {
        if (IsServed(api.ServiceProvider))
        {
            SessionEndpoints.Map(api);
            ConsolePages.Map(api);
        }
        else
        {
            api.MapHome();
        }
    }

    /// <summary>Maps the files of the console, which need no permission.</summary>
    public static void MapConsoleFiles(this WebApplication app)
    {
        if (IsServed(app.Services))
        {
            ConsoleFiles.Map(app);
        }
    }

    /// <summary>Whether there is a console at this service.</summary>
    public static bool IsServed(IServiceProvider services) =>
        services.GetRequiredService<IOptions<ConsoleSettings>>().Value.Enabled && File.Exists(System.IO.Path.Combine(Folder, ConsolePage.FileName));
}
