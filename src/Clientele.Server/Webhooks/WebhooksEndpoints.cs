using Clientele.Server.Accounts;

namespace Clientele.Server.Webhooks;

internal static class WebhooksEndpoints
{
    public static readonly ListDefinition<Webhook> List = new ListDefinition<Webhook>(w => w.CreatedAt, w => w.Id, "-created_at")
        .Boolean("is_active", "Whether events are sent.", value => w => w.IsActive == value);

    public static void Map(IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/api/webhooks").WithTag("Webhooks", "Webhooks, which send what has happened to other systems.")
            .WithId("webhooks", "The webhook's id.", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60");
        webhooks.MapGet("/", ListWebhooks).WithName(nameof(ListWebhooks)).For(Who.Admin, KeyScope.WebhooksRead).Lists(List).Answers(400, 404);
        webhooks.MapPost("/", CreateWebhook).WithName(nameof(CreateWebhook)).For(Who.Admin, KeyScope.WebhooksWrite).NeedsStepUp()
            .WithoutIdempotencyKey().Answers(400, 415).Answers("too_many_webhooks");
        webhooks.MapGet("/{id:guid}/", GetWebhook).WithName(nameof(GetWebhook)).For(Who.Admin, KeyScope.WebhooksRead).Answers(404);
        webhooks.MapPatch("/{id:guid}/", UpdateWebhook).WithName(nameof(UpdateWebhook)).For(Who.Admin, KeyScope.WebhooksWrite).NeedsStepUp()
            .Answers(400, 404, 412, 415);
        webhooks.MapDelete("/{id:guid}/", DeleteWebhook).WithName(nameof(DeleteWebhook)).For(Who.Admin, KeyScope.WebhooksWrite).Answers(404, 412);
        webhooks.MapPost("/{id:guid}/rotate/", RotateWebhook).WithName(nameof(RotateWebhook)).For(Who.Admin, KeyScope.WebhooksWrite).NeedsStepUp()
            .WithoutIdempotencyKey().Answers(400, 404, 415).BodyOptional();
        webhooks.MapPost("/{id:guid}/test/", TestWebhook).WithName(nameof(TestWebhook)).For(Who.Admin, KeyScope.WebhooksWrite)
            .WithoutIdempotencyKey().Answers(404);
        webhooks.MapPost("/{id:guid}/redeliver/", RedeliverWebhook).WithName(nameof(RedeliverWebhook)).For(Who.Admin, KeyScope.WebhooksWrite)
            .Answers(400, 404, 415);
        DeliveriesEndpoints.Map(webhooks);
    }

    /// <summary>List webhooks</summary>
    /// <remarks>Newest first, without their secrets.</remarks>
    internal static Task<Results<PageResult<WebhookResponse>, Problem>> ListWebhooks(ListQuery list, ClienteleDb db, CancellationToken cancellationToken) =>
        list.PageAsync(List, db.Webhooks, w => w.ToResponse(null), cancellationToken);

    /// <summary>Create a webhook</summary>
    /// <remarks>
    /// From then on, the service sends each event that matches as a POST request to the address: at least once, and in order per customer. The response has
    /// the secret of the signatures, this once. The Idempotency-Key header is ignored, because no secret is stored in readable form. Staff do not exist for
    /// webhooks.
    /// </remarks>
    internal static async Task<Results<Created<WebhookResponse>, Problem>> CreateWebhook(
        Body<WebhookRequest> body, WebhookBook webhooks, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return await webhooks.AddAsync(request, errors, cancellationToken);
    }

    /// <summary>Get a webhook</summary>
    /// <remarks>Without its secret.</remarks>
    internal static async Task<Results<Resource<WebhookResponse>, Problem>> GetWebhook(Guid id, ClienteleDb db, CancellationToken cancellationToken) =>
        await db.Webhooks.SingleOrDefaultAsync(w => w.Id == id, cancellationToken) is { } webhook
            ? new Resource<WebhookResponse>(webhook.ToResponse(null), webhook.Version)
            : Problems.NotFound();

    /// <summary>Update a webhook</summary>
    /// <remarks>
    /// A JSON merge patch (RFC 7396): members that are left out do not change. A webhook that is turned off keeps its place among the events, and continues
    /// there when it is turned on again, as long as the events are kept.
    /// </remarks>
    internal static Task<Results<Resource<WebhookResponse>, Problem>> UpdateWebhook(
        Guid id, Body<WebhookRequest> body, HttpContext context, WebhookBook webhooks, CancellationToken cancellationToken) =>
        webhooks.ChangeAsync(id, body, context.Request, cancellationToken);

    /// <summary>Delete a webhook</summary>
    /// <remarks>What waits for it is not sent. Its deliveries are deleted, too.</remarks>
    internal static Task<Results<NoContent, Problem>> DeleteWebhook(
        Guid id, HttpContext context, WebhookBook webhooks, CancellationToken cancellationToken) =>
        webhooks.DeleteAsync(id, context.Request, cancellationToken);

    /// <summary>Give a webhook a new secret</summary>
    /// <remarks>
    /// The response has the secret, this once. During the overlap, a day by default, each request has two signatures, so that the receiver can change over
    /// without refusing an event. If the secret was rotated before, an even older one ends now.
    /// </remarks>
    internal static async Task<Results<Ok<WebhookResponse>, Problem>> RotateWebhook(
        Guid id, Body<RotateWebhookRequest> body, WebhookBook webhooks, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await webhooks.RotateAsync(id, request, cancellationToken);
    }

    /// <summary>Send a test event to a webhook</summary>
    /// <remarks>
    /// Sends one event of the type webhook.test now, also if the webhook is turned off, and returns what has become of it. It is about no customer, is not
    /// tried again, and is not on the list of deliveries.
    /// </remarks>
    internal static async Task<Results<Ok<WebhookTestResponse>, Problem>> TestWebhook(
        Guid id, ClienteleDb db, WebhookTest test, CancellationToken cancellationToken) =>
        await db.Webhooks.SingleOrDefaultAsync(w => w.Id == id, cancellationToken) is { } webhook
            ? TypedResults.Ok(await test.SendAsync(webhook, cancellationToken))
            : Problems.NotFound();

    /// <summary>Send the events of a webhook again</summary>
    /// <remarks>
    /// All events from an instant on that match are sent again, with the same ids and in their order, also those that were delivered. New events follow
    /// after them. If the instant is before the oldest event that is kept, this begins with the oldest. A webhook that is turned off sends them once it is
    /// turned on.
    /// </remarks>
    internal static async Task<Results<Ok<WebhookResponse>, Problem>> RedeliverWebhook(
        Guid id, Body<RedeliverRequest> body, Redeliveries redeliveries, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        errors.Require(!(request.Since > clock.Now()), "since", "Must be in the past.");
        return errors.Any ? Problems.Invalid(errors) : await redeliveries.SinceAsync(id, request.Since!.Value, cancellationToken);
    }
}
