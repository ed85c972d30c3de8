namespace Clientele.Server.Http;

/// <summary>
/// HEAD is answered like GET, everywhere: every endpoint sees a GET. The server knows what was asked and sends no body.
/// </summary>
internal static class Heads
{
    public static void UseHeads(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        context.Response.OnStarting(AllowHead, context.Response);
        return next(context);
    });

    /// <summary>Where GET is allowed, HEAD is, too.</summary>
    private static Task AllowHead(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        var allowed = headers.Allow.ToString().Split(',', StringSplitOptions.TrimEntries);
        if (allowed.Contains(HttpMethods.Get))
        {
            headers.Allow = string.Join(", ", allowed.Append(HttpMethods.Head).Distinct());
        }

        return Task.CompletedTask;
    }
}
