using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Support;

/// <summary>An endpoint of the service, as named in the documentation.</summary>
public sealed record KnownEndpoint(string Name, string Tag, string Method, string Path);

/// <summary>All endpoints, and those that have responded with success.</summary>
public sealed class ReachedEndpoints : IStartupFilter
{
    private readonly ConcurrentDictionary<string, bool> _names = [];

    public IEnumerable<string> Names => _names.Keys;

    /// <summary>Every endpoint with a name and a tag; available after the first request.</summary>
    public IReadOnlyList<KnownEndpoint> All { get; private set; } = [];

    public void Record(IServiceCollection services) => services.AddSingleton<IStartupFilter>(this);

    public void Clear() => _names.Clear();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            All = Known(context.RequestServices.GetRequiredService<EndpointDataSource>());

            // Before the client has the response, because the test may look right after it.
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode < 400 && context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>() is { } named)
                {
                    _names[named.EndpointName] = true;
                }

                return Task.CompletedTask;
            });
            await rest(context);
        });
        next(app);
    };

    private static List<KnownEndpoint> Known(EndpointDataSource source) =>
    [
        .. from endpoint in source.Endpoints.OfType<RouteEndpoint>()
           let name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
           let tags = endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags
           where name is not null && tags is [_, ..]
           let path = endpoint.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal).Replace(":guid", "", StringComparison.Ordinal)
           select new KnownEndpoint(name, tags[0], endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0], path),
    ];
}
