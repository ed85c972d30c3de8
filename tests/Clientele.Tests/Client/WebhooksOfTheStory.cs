using Clientele.Client;
using Clientele.Tests.Support;
using Clientele.Tests.Webhooks;

namespace Clientele.Tests.Client;

/// <summary>The part of the story that is about webhooks.</summary>
internal static class WebhooksOfTheStory
{
    public static async Task TellAsync(ClienteleClient admin, ClienteleApp own, Receiver receiver)
    {
        var created = await admin.Webhooks.CreateAsync(new() { Url = receiver.Url, Types = [EventType.CustomerUpdated], Description = "Order system" });
        Assert.True((await admin.Webhooks.TestAsync(created.Id)).IsDelivered);
        Assert.Equal(WebhookVerifier.TestType, receiver.Received[^1].Verify(own, created.Secret!).Type);

        var customer = await own.CustomerAsync();
        (await customer.Patch(customer.Url, new { gender = "female" })).Expect(200);
        await own.DeliverAsync();
        Assert.Equal(customer.Id, receiver.Received[^1].Verify(own, created.Secret!).CustomerId);
        var delivered = new WebhookDeliveryQuery
        {
            State = WebhookDeliveryState.Delivered,
            Type = EventType.CustomerUpdated,
            Customer = customer.Id,
            OrderBy = [WebhookDeliveryOrdering.CreatedAt],
        };
        var delivery = (await admin.Webhooks.ListDeliveriesAsync(created.Id, delivered)).Results.Single();
        Assert.Equal((200, "ok", 1), (delivery.StatusCode, delivery.Answer, delivery.Attempts));
        Assert.Equal(delivery.Id, (await admin.Webhooks.AllDeliveriesAsync(created.Id, delivered).ToListAsync()).Single().Id);
        Assert.Equal(WebhookDeliveryState.Waiting, (await admin.Webhooks.RedeliverAsync(created.Id, delivery.Id)).State);
        Assert.Equal(created.Id, (await admin.Webhooks.RedeliverSinceAsync(created.Id, DateTime.UtcNow.AddDays(-1))).Id);

        Assert.NotEqual(created.Secret, (await admin.Webhooks.RotateAsync(created.Id, new() { Overlap = 60 })).Secret);
        var read = await admin.Webhooks.GetAsync(created.Id);
        var changed = await admin.Webhooks.UpdateAsync(
            created.Id, new() { Url = receiver.Url, Types = [], Groups = [], Description = "Shop", IsActive = false }, read.ETag);
        Assert.Equal(("Shop", false), (changed.Value.Description, changed.Value.IsActive));
        Assert.Equal(created.Id, Assert.Single((await admin.Webhooks.ListAsync(new() { IsActive = false })).Results).Id);
        Assert.Single(await admin.Webhooks.AllAsync(new() { OrderBy = [WebhookOrdering.CreatedAt] }).ToListAsync());
        await admin.Webhooks.DeleteAsync(created.Id);
    }
}
