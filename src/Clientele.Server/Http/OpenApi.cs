using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Clientele.Server.Http;

/// <summary>The description of the API (OpenAPI 3.1) and the two pages that show it.</summary>
internal static class OpenApi
{
    public const string DocumentName = "v1";
    public const string DocumentPath = "/api/schema.json";
    internal const string GetDescription = nameof(GetDescription);

    /// <summary>The error answers of an operation beside 401, 403 and 429, which its permission implies.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, params int[] statuses) =>
        endpoint.WithMetadata(new Failures(statuses));

    /// <summary>The query parameters of a list.</summary>
    public static RouteHandlerBuilder Lists(this RouteHandlerBuilder endpoint, IListDefinition definition) =>
        endpoint.WithMetadata(new Listed(definition));

    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi(DocumentName);

    public static void MapDescription(this IEndpointRouteBuilder api) =>
        api.MapOpenApi(DocumentPath).WithName(GetDescription);

    public static void UseDescriptionPages(this WebApplication app)
    {
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "api/docs";
            ui.SwaggerEndpoint(DocumentPath, "Clientele");
        });
        app.UseReDoc(redoc =>
        {
            redoc.RoutePrefix = "api/redoc";
            redoc.SpecUrl = DocumentPath;
        });
    }

    public static async Task<string> TextAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentName).GetOpenApiDocumentAsync(cancellationToken);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        return text.ToString();
    }

    internal sealed record Failures(int[] Statuses);

    internal sealed record Listed(IListDefinition Definition);
}
