using Clientele.Server.Operations;

namespace Clientele.Server.Webhooks;

/// <summary>The services and routes of webhooks.</summary>
internal static class WebhooksModule
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSettings<WebhookSettings>("Webhooks");
        WebhookSender.AddClient(services);
        services.AddSingleton<WebhookSecrets>().AddSingleton<WebhookTargets>().AddSingleton<WebhookSender>().AddSingleton<WebhookSignal>();
        services.AddSingleton<WebhookMeter>().AddSingleton<WebhookTest>();
        services.AddScoped<WebhookBook>().AddScoped<Redeliveries>().AddScoped<WebhookFeed>().AddScoped<WebhookBatches>().AddScoped<WebhookStep>();
        services.AddScoped<IMaintenance, OldDeliveries>().AddScoped<IDatabaseGauges, WebhookGauges>().AddScoped<ICheck, WebhooksCheck>();
        services.AddSingleton<WebhookWorker>().AddHostedService(provider => provider.GetRequiredService<WebhookWorker>());
    }

    public static void MapWebhooks(this IEndpointRouteBuilder api) => WebhooksEndpoints.Map(api);
}
