using Microsoft.AspNetCore.Builder;

namespace Clientele.Tests.Guides;

/// <summary>Starts the apps of the guides.</summary>
internal static class GuideApps
{
    /// <summary>Starts an app and returns a client that keeps cookies, as a browser does.</summary>
    public static async Task<HttpClient> StartedAsync(this WebApplication app)
    {
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }
}
