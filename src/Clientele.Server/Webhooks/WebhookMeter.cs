using System.Diagnostics.Metrics;
using Clientele.Server.Operations;

namespace Clientele.Server.Webhooks;

/// <summary>Counts the attempts of this node to deliver events.</summary>
internal sealed class WebhookMeter(IMeterFactory meters)
{
    private readonly Counter<long> _attempts = meters.Create(Telemetry.MeterName)
        .CreateCounter<long>("clientele.webhooks.attempts", "{attempt}", "Attempts to deliver events to webhooks, by outcome.");

    public void Count(WebhookDelivery delivery) => _attempts.Add(1, new KeyValuePair<string, object?>("outcome", delivery.State switch
    {
        DeliveryState.Waiting => "postponed",
        DeliveryState.Delivered => "delivered",
        DeliveryState.GivenUp => "given_up",
    }));
}
