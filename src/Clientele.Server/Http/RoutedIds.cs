using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Clientele.Server.Http;

/// <summary>
/// Reads the ids of other systems in a path as they were sent, and decodes them exactly once. The server decodes every escape in a path except that of a
/// slash, so afterwards <c>X%2F1</c> can have been <c>X%2F1</c> (the order X/1 of a batch) or <c>X%252F1</c> (the order X%2F1). It also removes the
/// segments . and .., so that <c>DELETE …/wishlist/%2E%2E/</c> would delete the customer: a path with such a segment is refused.
/// </summary>
internal static class RoutedIds
{
    public static void UseRoutedIds(this WebApplication app) => app.Use((context, next) =>
    {
        var sent = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (sent.Contains("/.", StringComparison.Ordinal) || sent.Contains('%', StringComparison.Ordinal))
        {
            string[] segments = [.. sent.Split('?')[0].TrimEnd('/').Split('/').Select(Uri.UnescapeDataString)];
            if (segments.Any(segment => segment is "." or ".."))
            {
                return Problems.WriteAsync(context, new Problem("bad_request", "A part of the path may not be . or .., even escaped."));
            }

            Route(context, segments);
        }

        return next(context);
    });

    /// <summary>Assigns from the end: an address may be sent with its scheme and host, and the service may be under a prefix.</summary>
    private static void Route(HttpContext context, string[] segments)
    {
        var template = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.PathSegments ?? [];
        foreach (var (part, segment) in template.Reverse().Zip(Enumerable.Reverse(segments)))
        {
            if (part is { IsSimple: true, Parts: [RoutePatternParameterPart parameter] })
            {
                context.Request.RouteValues[parameter.Name] = segment;
            }
        }
    }
}
