using System.Text.Json.Serialization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Clientele.Server.Http;

/// <summary>The services, the middleware and the routes that all nouns share.</summary>
internal static class HttpModule
{
    private const long LargestBody = 1024 * 1024;

    public static void AddHttp(this IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        Tracing.Listen();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, Wire.ForOthers.TypeInfoResolver!);
            json.SerializerOptions.Encoder = Wire.Encoder;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            foreach (var converter in Wire.ForOthers.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ServerSettings>>((forwarded, settings) => Trust(forwarded, settings.Value.Proxies));

        // PublicAddress checks the host instead, after the forwarded headers have been applied.
        services.Configure<HostFilteringOptions>(filtering => filtering.AllowedHosts = ["*"]);
        services.AddHttpContextAccessor().AddCors().AddAuthorization();
        services.AddSingleton(provider => RateLimits.Limiter(provider.GetRequiredService<IOptions<RateLimits>>().Value));
        // One per scope: background work uses it as a plain transaction.
        services.AddScoped<RequestTransaction>().AddScoped<Transaction>(provider => provider.GetRequiredService<RequestTransaction>());
        services.AddScoped<Caller>().AddSingleton<HeavyReads>().AddSingleton<FailureLog>().AddScoped<IMaintenance, ExpiredIdempotencyKeys>();
        services.AddDescription();
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UsePublicAddress();
        app.UseSecurityHeaders();
        app.UseHeads();
        Cors.Use(app);
        app.UseDraining();
        app.UseProblems();
        app.UseDescriptionPages();
        app.UseRouting();
        app.UseRoutedIds();
        app.UseAuthentication();
        app.UseAuthorization();
        RateLimits.Use(app);
        app.UseKeyAccess();
        app.UseMiddleware<Idempotency>();
    }

    public static void MapHttp(this IEndpointRouteBuilder api) => api.MapDescription();

    /// <summary>Forwarded headers are used only from configured proxies. Without proxies the middleware would trust everybody, so it is turned off.</summary>
    private static void Trust(ForwardedHeadersOptions forwarded, IList<string> proxies)
    {
        forwarded.ForwardedHeaders = proxies.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in proxies.Select(ServerSettings.Network).OfType<System.Net.IPNetwork>())
        {
            forwarded.KnownIPNetworks.Add(network);
        }
    }
}
