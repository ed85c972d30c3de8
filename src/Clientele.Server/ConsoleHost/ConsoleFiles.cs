namespace Clientele.Server.ConsoleHost;

/// <summary>
/// The files of the console, compressed when they were published. The manifest beside them has their headers: files with a content hash in their name
/// never change, and browsers ask about the others with an entity tag.
/// </summary>
internal static class ConsoleFiles
{
    public static string Manifest { get; } = Path.Combine(AppContext.BaseDirectory, "console.endpoints.json");

    public static void Map(WebApplication app)
    {
        var page = app.Services.GetRequiredService<ConsolePage>();
        var files = app.MapGroup(ConsoleModule.Path).MapStaticAssets(Manifest);
        files.Add(endpoint =>
        {
            var send = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = IsPage(endpoint)
                ? context => page.Send(context).ExecuteAsync(context)
                : context =>
                {
                    // The manifest's value is added to what is there.
                    context.Response.Headers.CacheControl = default;
                    return send(context);
                };
        });
    }

    private static bool IsPage(EndpointBuilder endpoint) =>
        ((RouteEndpointBuilder)endpoint).RoutePattern.RawText?.EndsWith(ConsolePage.FileName, StringComparison.Ordinal) is true;
}
