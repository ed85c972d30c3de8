using Clientele.Server.Operations;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Clientele.Server.Http;

/// <summary>Which hosts the service answers for, and where its links lead: by the settings where they say so, never by a forged <c>Host</c>.</summary>
internal static class PublicAddress
{
    /// <summary>
    /// After the forwarded headers, and instead of the framework's filter, which runs before them, has no problem to tell and refuses probes,
    /// too: those ask by IP address, and the answer depends on no host.
    /// </summary>
    public static void UsePublicAddress(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<IOptions<ServerSettings>>().Value;
        StringSegment[] hosts = [.. settings.Hosts.Select(host => new StringSegment(host))];
        var address = settings.PublicAddress;
        if (hosts.Length == 0)
        {
            return;
        }

        app.Use((context, next) =>
        {
            var request = context.Request;
            if (address is not null && request.Path.StartsWithSegments(settings.PathBase, StringComparison.OrdinalIgnoreCase, out var rest))
            {
                // A proxy may have taken the path base off, or not.
                request.Path = rest;
            }

            if (!request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) && !HostString.MatchesAny(request.Host.Host, hosts))
            {
                return Problems.WriteAsync(context, new Problem("bad_request", "The service does not answer for this host. Use the address that you were given."));
            }

            if (address is not null)
            {
                (request.Scheme, request.Host, request.PathBase) = (address.Scheme, settings.PublicHost, settings.PathBase);
            }

            return next(context);
        });
    }

    /// <summary>Where a path of ours is found by clients: relative to the request, unless the settings name an address.</summary>
    public static string LocationOf(HttpContext context, string path) =>
        context.RequestServices.GetRequiredService<IOptions<ServerSettings>>().Value.PublicAddress is null
            ? path
            : UriHelper.BuildAbsolute(context.Request.Scheme, context.Request.Host, context.Request.PathBase, path);
}
