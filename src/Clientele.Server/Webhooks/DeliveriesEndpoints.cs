using Clientele.Server.Events;

namespace Clientele.Server.Webhooks;

internal static class DeliveriesEndpoints
{
    /// <summary>In the order of <see cref="DeliveryState"/>.</summary>
    public static readonly string[] States = [WebhookDeliveryState.Waiting, WebhookDeliveryState.Delivered, WebhookDeliveryState.GivenUp];

    private static readonly string[] Types = [.. EventForm.All.Select(form => form.Name)];

    public static readonly ListDefinition<WebhookDelivery> List = new ListDefinition<WebhookDelivery>(d => d.CreatedAt, d => d.Id, "-created_at")
        .OneOf("state", "The state", States, WebhookDeliveryState.GivenUp, value => In((DeliveryState)Array.IndexOf(States, value)))
        .OneOf("type", "The type of event", Types, EventType.CustomerUpdated, value => Of(EventForm.Kinds[value]))
        .Integer("customer", "Events of the customer with this id.", value => d => d.CustomerId == value);

    public static void Map(IEndpointRouteBuilder webhooks)
    {
        webhooks.MapGet("/{id:guid}/deliveries/", ListWebhookDeliveries).WithName(nameof(ListWebhookDeliveries)).For(Who.Admin, KeyScope.WebhooksRead)
            .Lists(List).Answers(400, 404);
        webhooks.MapPost("/{id:guid}/deliveries/{delivery:guid}/redeliver/", RedeliverWebhookDelivery).WithName(nameof(RedeliverWebhookDelivery))
            .For(Who.Admin, KeyScope.WebhooksWrite).Answers(404).Answers("conflict");
    }

    /// <summary>List the deliveries of a webhook</summary>
    /// <remarks>
    /// Newest first: what was delivered or given up in the last 30 days, unless configured otherwise, and what waits. Events that the service has not begun to
    /// deliver are not on the list yet.
    /// </remarks>
    internal static async Task<Results<PageResult<WebhookDeliveryResponse>, Problem>> ListWebhookDeliveries(
        Guid id, ListQuery list, ClienteleDb db, Redeliveries deliveries, CancellationToken cancellationToken) =>
        (await db.Webhooks.Where(w => w.Id == id).Select(w => w.Id).Take(1).ToListAsync(cancellationToken)).Count == 0
            ? Problems.NotFound()
            : await list.PageAsync(
                List, deliveries.Visible(id), d => d, rows => Task.FromResult(rows.Select(row => row.ToResponse())), cancellationToken);

    /// <summary>Send an event to a webhook again</summary>
    /// <remarks>
    /// The event of a delivery that has ended is sent again, with the same id, and tried for another three days. Later events of the customer that wait are
    /// sent after it. The body is written again: what an erasure has removed is not sent.
    /// </remarks>
    /// <param name="id">The webhook's id.</param>
    /// <param name="delivery" example="0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f61">The delivery's id.</param>
    internal static Task<Results<Ok<WebhookDeliveryResponse>, Problem>> RedeliverWebhookDelivery(
        Guid id, Guid delivery, Redeliveries redeliveries, CancellationToken cancellationToken) =>
        redeliveries.OneAsync(id, delivery, cancellationToken);

    private static Expression<Func<WebhookDelivery, bool>> In(DeliveryState state) => d => d.State == state;

    private static Expression<Func<WebhookDelivery, bool>> Of(EventKind kind) => d => d.Kind == kind;
}
