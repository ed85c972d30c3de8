using Swashbuckle.AspNetCore.SwaggerUI;

namespace Clientele.Server.Http;

/// <summary>The home page, and the two pages that show the description: one to try the API, one to read it. They load everything from here.</summary>
internal static class OpenApiPages
{
    /// <summary>The files that the pages of the packages do not have.</summary>
    private static readonly Dictionary<string, string> Files = new()
    {
        ["/api/redoc/own-host-only.js"] = "text/javascript; charset=utf-8",
        ["/api/docs/home.css"] = "text/css; charset=utf-8",
    };

    /// <summary>The page at <c>/</c>.</summary>
    internal static FileStreamHttpResult GetHome(IOptions<ServerSettings> settings) =>
        TypedResults.Stream(Html("home.html", settings.Value.PathBase), "text/html; charset=utf-8");

    public static void MapHome(this IEndpointRouteBuilder api) => api.MapGet("/", GetHome).WithName(nameof(GetHome)).For(Who.Public).ExcludeFromDescription();

    public static void UseDescriptionPages(this WebApplication app)
    {
        var home = app.Services.GetRequiredService<IOptions<ServerSettings>>().Value.PathBase;
        app.Use((context, next) =>
        {
            var path = context.Request.Path;
            if (path.Value is "/api/docs" or "/api/docs/" or "/api/redoc" or "/api/redoc/")
            {
                // The packages would redirect, but the documented addresses should respond themselves.
                context.Request.Path = $"{path.Value.TrimEnd('/')}/index.html";
            }

            return Files.TryGetValue(path.Value ?? "", out var type)
                ? Results.Stream(Page(Path.GetFileName(path.Value!)), type).ExecuteAsync(context)
                : next(context);
        });
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "api/docs";
            ui.IndexStream = () => Html("docs.html", home);
            ui.SwaggerEndpoint(home + OpenApi.DocumentPath, "Clientele");
            ui.EnableDeepLinking();
            ui.DisplayRequestDuration();
            ui.DefaultModelRendering(ModelRendering.Example);
        });
        app.UseReDoc(redoc =>
        {
            redoc.RoutePrefix = "api/redoc";
            redoc.IndexStream = () => Html("redoc.html", home);
            redoc.SpecUrl = home + OpenApi.DocumentPath;
            redoc.RequiredPropsFirst();
            redoc.ConfigObject.AdditionalItems["disableTelemetry"] = true;
        });
    }

    /// <summary>The introduction of the description.</summary>
    public static string About() => Text("about.md").TrimEnd();

    private static Stream Html(string name, PathString home) =>
        new MemoryStream(Encoding.UTF8.GetBytes(Text(name).Replace("=\"/", $"=\"{home}/", StringComparison.Ordinal)));

    private static string Text(string name)
    {
        using var reader = new StreamReader(Page(name));
        return reader.ReadToEnd();
    }

    private static Stream Page(string name) => typeof(OpenApiPages).Assembly.GetManifestResourceStream(name)!;
}
