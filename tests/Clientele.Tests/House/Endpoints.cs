using Clientele.Server.Http;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

/// <summary>An endpoint as it is mapped: method and path.</summary>
internal sealed record MappedEndpoint(string Call, RouteEndpoint Endpoint)
{
    public string Name => Endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName;

    public Who Who => Endpoint.Metadata.GetRequiredMetadata<Permissions.Permission>().Who;

    public string? Scope => Endpoint.Metadata.GetRequiredMetadata<Permissions.Permission>().Scope;
}

internal static class Endpoints
{
    /// <summary>All mapped endpoints, so that no rule over all endpoints can miss a new one. The files of the console are not calls.</summary>
    public static IReadOnlyList<MappedEndpoint> MappedEndpoints(this ClienteleApp app) =>
    [
        .. from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where !endpoint.IsFile()
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select new MappedEndpoint($"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}", endpoint),
    ];

    /// <summary>Whether it is a file of the console.</summary>
    public static bool IsFile(this Endpoint endpoint) => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;
}
