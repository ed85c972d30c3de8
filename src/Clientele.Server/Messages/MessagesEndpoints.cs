using Clientele.Server.Privacy;

namespace Clientele.Server.Messages;

internal static class MessagesEndpoints
{
    private static readonly string[] States = [MessageState.Pending, MessageState.Sent, MessageState.Failed];

    private static readonly string[] Kinds = [.. Enum.GetNames<Template>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static readonly ListDefinition<Message> List = new ListDefinition<Message>(m => m.CreatedAt, m => m.Id, "-created_at")
        .OneOf("state", "The state", States, MessageState.Failed, value => value switch
        {
            MessageState.Sent => m => m.SentAt != null,
            MessageState.Failed => m => m.FailedAt != null,
            _ => m => m.NextAttemptAt != null,
        })
        .OneOf("template", "What the message is about", Kinds, MessageTemplate.VerifyEmail, value => About((Template)Array.IndexOf(Kinds, value)))
        .Integer("customer", "Messages to the customer with this id.", value => m => m.CustomerId == value);

    public static void Map(IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/api/messages").WithTag("Messages", "Mails and SMS to customers.")
            .WithId("messages", "The message's id.", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60");
        messages.MapGet("/", ListMessages).WithName(nameof(ListMessages)).For(Who.Admin).Lists(List).Answers(400, 404);
        messages.MapPost("/{id:guid}/retry/", RetryMessage).WithName(nameof(RetryMessage)).For(Who.Admin).Answers(404).Answers("conflict");
    }

    /// <summary>List the mails and SMS to customers</summary>
    /// <remarks>
    /// Messages that wait, that were sent, and that could not be sent, newest first. Their contents are not stored. Messages are deleted 30 days after they
    /// were sent or given up.
    /// </remarks>
    internal static Task<Results<PageResult<OutgoingMessageResponse>, Problem>> ListMessages(
        ListQuery list, ClienteleDb db, CancellationToken cancellationToken) =>
        list.PageAsync(
            List,
            db.Messages.TagWith("scatter: the admin's list"),
            m => m,
            messages => Task.FromResult(messages.Select(message => message.ToResponse())),
            cancellationToken);

    /// <summary>Send a failed message again</summary>
    /// <remarks>
    /// For another 24 hours, the service tries to send the message. This is possible for seven days after the message has failed. A code or link in it
    /// may have expired; then the customer should ask for a new one.
    /// </remarks>
    internal static async Task<Results<Ok<OutgoingMessageResponse>, Problem>> RetryMessage(
        Guid id, CustomerWrites writes, Outbox outbox, AuditTrail audit, ClienteleDb db, CancellationToken cancellationToken)
    {
        var owner = new CustomerLock(() => db.Messages.TagWith("scatter: whose message it is").Where(m => m.Id == id).Select(m => (long?)m.CustomerId)
            .SingleOrDefaultAsync(cancellationToken));
        return await writes.RunAsync<Ok<OutgoingMessageResponse>>(
            owner,
            async customer =>
            {
                if (!await outbox.TryRetryAsync(customer.Id, id, cancellationToken))
                {
                    return new Problem("conflict", "Only a message that has failed in the last seven days can be sent again.");
                }

                audit.Record(customer.Id, AuditAction.MessageRetried, $"message/{id}");
                return TypedResults.Ok((await db.Messages.SingleAsync(m => m.CustomerId == customer.Id && m.Id == id, cancellationToken)).ToResponse());
            },
            cancellationToken);
    }

    private static Expression<Func<Message, bool>> About(Template template) => m => m.Template == template;
}
