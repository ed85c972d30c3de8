using System.Text;
using Clientele.Server.Operations;
using Microsoft.Extensions.Options;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Clientele.Server.Http;

/// <summary>The two pages that show the description: one to try the API, one to read. All they load comes from here.</summary>
internal static class OpenApiPages
{
    private const string OwnHostOnly = "/api/redoc/own-host-only.js";

    public static void UseDescriptionPages(this WebApplication app)
    {
        var home = app.Services.GetRequiredService<IOptions<ServerSettings>>().Value.PathBase;
        app.Use((context, next) =>
        {
            var path = context.Request.Path;
            if (path.Value is "/api/docs" or "/api/docs/" or "/api/redoc" or "/api/redoc/")
            {
                // The packages would redirect; the documented addresses are to answer themselves.
                context.Request.Path = $"{path.Value.TrimEnd('/')}/index.html";
            }

            return path == OwnHostOnly
                ? Results.Stream(Page("own-host-only.js"), "text/javascript; charset=utf-8").ExecuteAsync(context)
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

    private static Stream Html(string name, PathString home)
    {
        using var reader = new StreamReader(Page(name));
        return new MemoryStream(Encoding.UTF8.GetBytes(reader.ReadToEnd().Replace("\"/api/", $"\"{home}/api/", StringComparison.Ordinal)));
    }

    private static Stream Page(string name) => typeof(OpenApiPages).Assembly.GetManifestResourceStream(name)!;
}
