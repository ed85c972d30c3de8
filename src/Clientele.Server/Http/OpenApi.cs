using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Clientele.Server.Http;

/// <summary>The description of the API (OpenAPI 3.1), and the endpoint that serves it.</summary>
internal static class OpenApi
{
    public const string DocumentPath = "/api/schema.json";
    public const string Ndjson = "application/x-ndjson";

    /// <summary>The address in the examples of the documentation, and in the description unless <c>PublicUrl</c> is set.</summary>
    public const string DocumentedAddress = "http://localhost:8000";
    private const string DocumentName = "v1";

    /// <summary>Puts endpoints under a heading of the description and says what it is about. Other routes of the heading only name it.</summary>
    public static TBuilder WithTag<TBuilder>(this TBuilder endpoints, string name, string description)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithTags(name).WithMetadata(new TagText(name, description));

    /// <summary>Says what the id after a segment of the path is, here and in every other route with that segment.</summary>
    public static TBuilder WithId<TBuilder>(this TBuilder endpoints, string segment, string description, JsonNode example)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new IdText(segment, description, example));

    /// <summary>Declares the error responses of an operation, except those that its permission, method and headers imply.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, params int[] statuses) =>
        endpoint.WithMetadata(new Failures(statuses));

    /// <summary>The same by error code, for codes that this operation has in addition to the usual one of their status.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, params string[] codes) =>
        endpoint.WithMetadata(new FailureCodes(codes));

    /// <summary>The body is optional.</summary>
    public static RouteHandlerBuilder BodyOptional(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new OptionalBody());

    /// <summary>The body may also be sent as NDJSON; each line is a <typeparamref name="TLine"/>.</summary>
    public static RouteHandlerBuilder AcceptsLines<TBody, TLine>(this RouteHandlerBuilder endpoint)
        where TBody : notnull => endpoint.Accepts<TBody>("application/json", Ndjson).WithMetadata(new Lines(typeof(TLine)));

    /// <summary>The query parameters of a list.</summary>
    public static RouteHandlerBuilder Lists(this RouteHandlerBuilder endpoint, IListDefinition definition) =>
        endpoint.WithMetadata(new Listed(definition));

    /// <summary>The operation takes the filters of the list, and neither its orderings nor pages.</summary>
    public static RouteHandlerBuilder Filters(this RouteHandlerBuilder endpoint, IListDefinition definition) =>
        endpoint.WithMetadata(new Filtered(definition));

    // The document has no name here, because the generator that adds the doc comments of the handlers does not recognise the overload with a name.
    public static void AddDescription(this IServiceCollection services) =>
        services.AddOpenApi(options => options.AddDocumentTransformer((document, context, _) =>
        {
            OpenApiDescriber.Complete(document, context);
            if (context.ApplicationServices.GetRequiredService<IOptions<ServerSettings>>().Value.PublicAddress is { } address)
            {
                document.Servers = [new OpenApiServer { Url = address.AbsoluteUri.TrimEnd('/') }];
            }

            return Task.CompletedTask;
        })).AddSingleton<Description>();

    public static void MapDescription(this IEndpointRouteBuilder api) =>
        api.MapGet(DocumentPath, GetDescription).WithName(nameof(GetDescription)).For(Who.Public).ExcludeFromDescription();

    internal static async Task<FileContentHttpResult> GetDescription(HttpContext context, Description description) =>
        Document(context, await description.DocumentAsync(context.Request));

    /// <summary>A response with a description that everybody may read, and keep until it changes.</summary>
    public static FileContentHttpResult Document(HttpContext context, Published document)
    {
        context.Response.Headers.CacheControl = "public, no-cache";
        return TypedResults.Bytes(document.Json, "application/json; charset=utf-8", entityTag: document.Tag);
    }

    /// <summary>The description as it is served; docs/openapi.json is the same text.</summary>
    public static async Task<string> TextAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentName).GetOpenApiDocumentAsync(cancellationToken);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        return text + "\n";
    }

    /// <summary>A description as it is sent.</summary>
    internal sealed record Published(byte[] Json)
    {
        public EntityTagHeaderValue Tag { get; } = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Json).AsSpan(0, 8))}\"");
    }

    internal sealed record TagText(string Name, string Description);

    internal sealed record IdText(string Segment, string Description, JsonNode Example);

    internal sealed record Failures(int[] Statuses);

    internal sealed record FailureCodes(string[] Codes);

    internal sealed record OptionalBody;

    /// <summary>The response is a file to save.</summary>
    /// <param name="Example">What a file of text may contain.</param>
    internal sealed record Attachment(string? Example = null);

    internal sealed record Lines(Type Type);

    internal sealed record Listed(IListDefinition Definition);

    internal sealed record Filtered(IListDefinition Definition);

    /// <summary>The description, created on the first request and kept. Where no public address is set, it names the address that it was read from.</summary>
    internal sealed class Description(IServiceProvider services)
    {
        private readonly Lazy<Task<string>> _text = new(() => TextAsync(services, CancellationToken.None));

        private Rendered? _last;

        private readonly bool _hasAddress = services.GetRequiredService<IOptions<ServerSettings>>().Value.PublicAddress is not null;

        public async Task<Published> DocumentAsync(HttpRequest request)
        {
            var text = await _text.Value;
            var address = _hasAddress ? DocumentedAddress : UriHelper.BuildAbsolute(request.Scheme, request.Host).TrimEnd('/');
            if (_last is { } last && last.Address == address)
            {
                return last.Document;
            }

            var json = Encoding.UTF8.GetBytes(_hasAddress
                ? text
                : text.Replace($"\"url\": \"{DocumentedAddress}\"", $"\"url\": \"{JsonEncodedText.Encode(address)}\"", StringComparison.Ordinal));
            return (_last = new(address, new(json))).Document;
        }

        /// <summary>The bytes for one address. Most callers use the same one, and the whole text is long.</summary>
        private sealed record Rendered(string Address, Published Document);
    }
}
