namespace Clientele.Server.ConsoleHost;

/// <summary>The console for the people of a shop: a Blazor WebAssembly program that uses the API like any other client.</summary>
internal static class ConsoleModule
{
    /// <summary>Where the published files of the console lie.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "console");

    public static void MapConsole(this WebApplication app) => ConsolePages.Map(app);
}
