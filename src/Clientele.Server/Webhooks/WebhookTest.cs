using Clientele.Server.Events;

namespace Clientele.Server.Webhooks;

/// <summary>Sends a test event, which is about nobody.</summary>
internal sealed class WebhookTest(WebhookSender sender, IOptions<EventSettings> events, TimeProvider clock)
{
    public async Task<WebhookTestResponse> SendAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var happened = new CustomerEvent
        {
            SpecVersion = "1.0",
            Id = $"test-{Guid.CreateVersion7(now):n}",
            Source = events.Value.Source,
            Type = WebhookVerifier.TestType,
            Subject = $"webhook/{webhook.Id}",
            Time = now,
            DataContentType = "application/json",
            Customer = "0",
            Version = EventForm.Version,
            Data = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["webhook"] = $"{webhook.Id}" }),
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(happened, Wire.For<CustomerEvent>(admin: true));
        var attempt = await sender.SendAsync(webhook, happened.Id, body, cancellationToken);
        return new()
        {
            IsDelivered = attempt.IsAccepted,
            Event = happened.Id,
            StatusCode = attempt.StatusCode,
            LatencyMs = attempt.LatencyMs,
            Answer = attempt.Answer,
            Error = attempt.Error,
        };
    }
}
