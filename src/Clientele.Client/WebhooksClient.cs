namespace Clientele.Client;

/// <summary>
/// Webhooks, which send what has happened to another system. For admins, and for keys with the scopes <c>webhooks:read</c> and <c>webhooks:write</c>.
/// <see cref="WebhookVerifier"/> is the part of the receiver.
/// </summary>
public sealed class WebhooksClient
{
    private const string All = "api/webhooks/";

    private readonly Connection _connection;

    internal WebhooksClient(Connection connection) => _connection = connection;

    /// <summary>Creates a webhook. The response has its secret, which is not shown again.</summary>
    /// <param name="request">The webhook.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>step_up_required</c> (403); <c>too_many_webhooks</c> (409).
    /// </exception>
    /// <example>
    /// <code>
    /// var webhook = await client.Webhooks.CreateAsync(new()
    /// {
    ///     Url = "https://shop.example/webhooks/clientele",
    ///     Types = [EventType.CustomerRegistered, EventType.CustomerUpdated],
    /// });
    /// Console.WriteLine(webhook.Secret);
    /// </code>
    /// </example>
    public Task<WebhookResponse> CreateAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Once(Call.Post(All, request, WireJson.Default.WebhookRequest)), WireJson.Default.WebhookResponse, cancellationToken);

    /// <summary>Gets a page of the webhooks.</summary>
    /// <param name="query">Filter, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404) for a page past the end.</exception>
    public Task<Page<WebhookResponse>> ListAsync(WebhookQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.PageWebhookResponse, cancellationToken);

    /// <summary>Walks through the webhooks from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="query">Filter and ordering; null for the newest first.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    public IAsyncEnumerable<WebhookResponse> AllAsync(WebhookQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(All, query, WireJson.Default.PageWebhookResponse, cancellationToken);

    /// <summary>Gets a webhook, without its secret.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<WebhookResponse>> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get(One(id)), WireJson.Default.WebhookResponse, cancellationToken);

    /// <summary>Changes a webhook.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>step_up_required</c> (403); <c>not_found</c> (404); <c>stale_version</c> (412).
    /// </exception>
    public Task<Versioned<WebhookResponse>> UpdateAsync(Guid id, WebhookPatch patch, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Patch(One(id), patch, ifMatch), WireJson.Default.WebhookResponse, cancellationToken);

    /// <summary>Deletes a webhook. What waits for it is not sent.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="ifMatch">The ETag of the version that may be deleted; null for any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task DeleteAsync(Guid id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(One(id), ifMatch), cancellationToken);

    /// <summary>Gives a webhook a new secret. The response has it, and it is not shown again. For a while, both secrets sign.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="request">For how long the old secret signs, too; null for the setting of the service.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>step_up_required</c> (403); <c>not_found</c> (404).
    /// </exception>
    public Task<WebhookResponse> RotateAsync(Guid id, RotateWebhookRequest? request = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Once(Call.Post($"{One(id)}rotate/", request ?? new(), WireJson.Default.RotateWebhookRequest)), WireJson.Default.WebhookResponse, cancellationToken);

    /// <summary>Sends a test event now, and returns what has become of it.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<WebhookTestResponse> TestAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Once(Call.Post($"{One(id)}test/")), WireJson.Default.WebhookTestResponse, cancellationToken);

    /// <summary>Gets a page of the deliveries of a webhook.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="query">Filters, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404), also for a page past the end.</exception>
    public Task<Page<WebhookDeliveryResponse>> ListDeliveriesAsync(
        Guid id, WebhookDeliveryQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Deliveries(id) + query?.ToQueryString()), WireJson.Default.PageWebhookDeliveryResponse, cancellationToken);

    /// <summary>Walks through the deliveries of a webhook from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="query">Filters and ordering; null for the newest first.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    public IAsyncEnumerable<WebhookDeliveryResponse> AllDeliveriesAsync(
        Guid id, WebhookDeliveryQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(Deliveries(id), query, WireJson.Default.PageWebhookDeliveryResponse, cancellationToken);

    /// <summary>Sends the event of a delivery that has ended again, with the same <c>webhook-id</c>.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="delivery">The delivery's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>not_found</c> (404); <c>conflict</c> (409): the delivery waits already, the webhook is turned off, or the event was deleted.
    /// </exception>
    public Task<WebhookDeliveryResponse> RedeliverAsync(Guid id, Guid delivery, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Post($"{Deliveries(id)}{delivery}/redeliver/"), WireJson.Default.WebhookDeliveryResponse, cancellationToken);

    /// <summary>Sends all events from an instant on again, in their order. New events follow after them.</summary>
    /// <param name="id">The webhook's id.</param>
    /// <param name="since">The instant.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400): the instant is not in the past; <c>not_found</c> (404).</exception>
    public Task<WebhookResponse> RedeliverSinceAsync(Guid id, DateTime since, CancellationToken cancellationToken = default) => _connection.AskAsync(
        Call.Post($"{One(id)}redeliver/", new() { Since = since }, WireJson.Default.RedeliverRequest), WireJson.Default.WebhookResponse, cancellationToken);

    /// <summary>The service stores no response with a secret, so a repetition would make another one; a test would be sent twice.</summary>
    private static Call Once(Call call) => call with { IdempotencyKey = null, Repeat = Repeat.Never };

    private static string One(Guid id) => $"{All}{id}/";

    private static string Deliveries(Guid id) => $"{One(id)}deliveries/";
}
