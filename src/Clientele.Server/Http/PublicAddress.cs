using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace Clientele.Server.Http;

/// <summary>
/// The hosts under which the service is available, and the base address of its links. They come from the settings if set there, never from a forged
/// <c>Host</c>.
/// </summary>
internal static class PublicAddress
{
    /// <summary>
    /// Runs after the forwarded headers. It replaces the framework's host filter, which runs before them, returns no problem body, and also refuses
    /// health probes: those use the IP address, and their response does not depend on the host.
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
                // A proxy may or may not have removed the path base.
                request.Path = rest;
            }

            if (!IsProbe(request.Path) && !HostString.MatchesAny(request.Host.Host, hosts))
            {
                return Problems.WriteAsync(context, new Problem("bad_request", "The service does not serve this host. Use the address that you were given."));
            }

            if (address is not null)
            {
                (request.Scheme, request.Host, request.PathBase) = (address.Scheme, settings.PublicHost, settings.PathBase);
            }

            return next(context);
        });
    }

    /// <summary>Probes and scrapers ask each node by its own address.</summary>
    private static bool IsProbe(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) || path.Equals("/metrics", StringComparison.OrdinalIgnoreCase);

    /// <summary>The address of a path for clients: relative to the request, unless the settings have a public address.</summary>
    public static string LocationOf(HttpContext context, string path) =>
        context.RequestServices.GetRequiredService<IOptions<ServerSettings>>().Value.PublicAddress is null
            ? path
            : AbsoluteOf(context, path);

    /// <summary>The address of a path for clients, with scheme and host, which are those of the request unless the settings have a public address.</summary>
    public static string AbsoluteOf(HttpContext context, string path) =>
        UriHelper.BuildAbsolute(context.Request.Scheme, context.Request.Host, context.Request.PathBase, path);
}
