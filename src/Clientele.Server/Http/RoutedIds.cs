using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Clientele.Server.Http;

/// <summary>
/// Decodes the ids of other systems in a path exactly once. The server decodes every escape in a path except that of a slash, so afterwards
/// <c>X%2F1</c> can have been <c>X%2F1</c> (the order X/1 of a batch) or <c>X%252F1</c> (the order X%2F1). Only the path as it was sent shows which.
/// </summary>
internal static class RoutedIds
{
    public static void UseRoutedIds(this WebApplication app) => app.Use((context, next) =>
    {
        var values = context.Request.RouteValues;
        if (context.GetEndpoint() is RouteEndpoint endpoint && values.Values.Any(value => value is string text && text.Contains('%', StringComparison.Ordinal)))
        {
            // From the end: an address may be sent with its scheme and host, and the service may be under a prefix.
            var sent = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimEnd('/').Split('/').Reverse();
            foreach (var (template, segment) in endpoint.RoutePattern.PathSegments.Reverse().Zip(sent))
            {
                if (template is { IsSimple: true, Parts: [RoutePatternParameterPart parameter] })
                {
                    values[parameter.Name] = Uri.UnescapeDataString(segment);
                }
            }
        }

        return next(context);
    });
}
