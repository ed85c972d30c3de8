namespace Clientele.Server.Messages;

/// <summary>A mail or SMS to a customer: waiting to be sent, sent, or given up.</summary>
[Table("messages", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Id))]
[Index(nameof(Id))]
[Index(nameof(CreatedAt), nameof(Id))]
[Index(nameof(Channel), nameof(NextAttemptAt))]
internal sealed class Message
{
    /// <summary>A message that cannot be sent for so long is given up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(15);

    public required long CustomerId { get; init; }

    /// <summary>The recipient's server sees it, too: it is the same for every attempt, so that a message that arrives twice can be recognised.</summary>
    public required Guid Id { get; init; }

    public required Template Template { get; init; }

    public required Channel Channel { get; init; }

    /// <summary>The customer's preferred language when the message was written.</summary>
    public required string Language { get; init; }

    /// <summary>The e-mail address or phone number.</summary>
    public required string Recipient { get; init; }

    /// <summary>
    /// The values for the template, encrypted, because they contain codes and links. Empty once the message is sent. A failed message keeps them for
    /// seven days, so that it can be retried.
    /// </summary>
    public required string SealedValues { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When to try next; null once the message is sent or given up.</summary>
    public required DateTime? NextAttemptAt { get; init; }

    /// <summary>After that there are no more attempts.</summary>
    public required DateTime GiveUpAt { get; init; }

    /// <summary>The number of attempts that have begun since the message was written or retried.</summary>
    public int Attempts { get; init; }

    /// <summary>Until then a node holds the lease.</summary>
    public required DateTime ClaimedUntil { get; init; }

    public DateTime? SentAt { get; init; }

    public DateTime? FailedAt { get; init; }

    /// <summary>Why the last attempt failed. It contains nothing of the message, because servers may repeat what they were sent.</summary>
    public string? LastError { get; init; }

    private string State => SentAt is not null ? MessageState.Sent : FailedAt is not null ? MessageState.Failed : MessageState.Pending;

    /// <summary>
    /// Leases the messages that are due for the longest time, after skipping <paramref name="skip"/> of them, and counts the attempt. No other node gets
    /// them before the lease ends: the condition is in the inner SELECT and in the UPDATE, so that a node that waited for a row finds it already taken.
    /// With distributed tables, keys travel to the coordinator and back, and the claimed rows to the node.
    /// </summary>
    public static Task<List<Message>> ClaimAsync(
        ClienteleDb db, Channel channel, DateTime due, DateTime now, DateTime until, int skip, int most, CancellationToken cancellationToken)
    {
        // In quotes, because SQLite does not take VALUES for a name.
        var columns = string.Join(", ", db.Columns<Message>().Split(", ").Select(column => $"\"{column}\""));
        var sql =
            $$"""
              -- scatter: the messages that are due
              UPDATE messages SET claimed_until = {0}, attempts = attempts + 1
              FROM (
                  SELECT customer_id AS customer, id AS message FROM messages
                  WHERE channel = {1} AND next_attempt_at <= {2} AND (claimed_until <= {3} OR claimed_until > {4})
                  ORDER BY next_attempt_at LIMIT {5} OFFSET {6}) AS due
              WHERE customer_id = customer AND id = message AND channel = {1} AND next_attempt_at <= {2}
                  AND (claimed_until <= {3} OR claimed_until > {4})
              RETURNING {{columns}}
              """;
        return db.Messages.FromSqlRaw(sql, until, (int)channel, due, now, Lease.Latest(until), most, skip).ToListAsync(cancellationToken);
    }

    /// <summary>
    /// How long to wait after a number of failed attempts: twice as long each time, up to a quarter of an hour. A random part keeps messages that failed
    /// together from being tried together.
    /// </summary>
    public static TimeSpan DelayAfter(int attempts)
    {
        var longest = Math.Min(LongestDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20)));
        return TimeSpan.FromMilliseconds((longest / 2) + RandomNumberGenerator.GetInt32((int)(longest / 2) + 1));
    }

    public OutgoingMessageResponse ToResponse() => new()
    {
        Id = Id,
        Customer = CustomerId,
        Template = Name($"{Template}"),
        Channel = Name($"{Channel}"),
        Recipient = Recipient,
        State = State,
        Attempts = Attempts,
        CreatedAt = CreatedAt,
        NextAttemptAt = NextAttemptAt,
        SentAt = SentAt,
        FailedAt = FailedAt,
        LastError = LastError,
    };

    /// <summary>What the customer's own export shows.</summary>
    public ExportedMessage ToExport() => new()
    {
        Id = Id,
        Template = Name($"{Template}"),
        Channel = Name($"{Channel}"),
        Language = Language,
        Recipient = Recipient,
        State = State,
        CreatedAt = CreatedAt,
        SentAt = SentAt,
        FailedAt = FailedAt,
    };

    private static string Name(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    internal sealed class Configuration : IEntityTypeConfiguration<Message>
    {
        public void Configure(EntityTypeBuilder<Message> builder) => builder.HasIndex(m => m.FailedAt).HasFilter("failed_at IS NOT NULL");
    }
}
