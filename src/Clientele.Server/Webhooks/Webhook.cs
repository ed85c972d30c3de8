namespace Clientele.Server.Webhooks;

/// <summary>
/// Where another system wants to be told what happens, and how far it has been told. docs/decisions/0016-a-webhook-is-a-cursor-and-its-exceptions.md
/// describes the delivery.
/// </summary>
[Table("webhooks", TableClass.Local)]
internal sealed class Webhook
{
    private const char Separator = ' ';

    public required Guid Id { get; init; }

    /// <summary>Grows with changes by callers, and when the receiver is gone.</summary>
    public int Version { get; set; } = 1;

    public required string Url { get; set; }

    /// <summary>Separated by blanks; empty for all.</summary>
    public required string Types { get; set; }

    /// <summary>The ids of groups, separated by blanks; empty for all.</summary>
    public required string Groups { get; set; }

    public required string Description { get; set; }

    public required bool IsActive { get; set; }

    /// <summary>Encrypted for this webhook.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>The secret from before the last rotation.</summary>
    public byte[]? OldSecret { get; set; }

    public DateTime? OldSecretUntil { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required long? CreatedBy { get; init; }

    public required string? CreatedByKey { get; init; }

    public required DateTime UpdatedAt { get; set; }

    /// <summary>The position in the feed up to which each event is delivered or has a row in the deliveries.</summary>
    public long Position { get; set; }

    /// <summary>Grows when the position is moved back, so that a node that is delivering does not move it forward again.</summary>
    public int Epoch { get; set; }

    /// <summary>How many attempts have failed since the last one that succeeded, without those of events that are refused.</summary>
    public int Failures { get; set; }

    public DateTime? FailingSince { get; set; }

    /// <summary>Set while the receiver fails as a whole: the next probe is not sent before.</summary>
    public DateTime? PausedUntil { get; set; }

    /// <summary>When the last attempt began that was accepted.</summary>
    public DateTime? LastDeliveredAt { get; set; }

    /// <summary>When the receiver said that it is gone.</summary>
    public DateTime? GoneAt { get; set; }

    /// <summary>When the webhook last missed events, because they were deleted before they could be sent.</summary>
    public DateTime? MissedEventsAt { get; set; }

    public static string Join(IEnumerable<string>? values) => string.Join(Separator, values?.Distinct() ?? []);

    public static string Join(IEnumerable<long>? values) => Join(values?.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    public string[] TypeNames() => Split(Types);

    public long[] GroupIds() => Array.ConvertAll(Split(Groups), id => long.Parse(id, CultureInfo.InvariantCulture));

    /// <summary>Forgets what is known about the receiver, so that it is tried at once.</summary>
    public void Recover() => (Failures, FailingSince, PausedUntil, GoneAt) = (0, null, null, null);

    /// <summary>The webhook as responses show it.</summary>
    /// <param name="secret">The secret, if it is new.</param>
    public WebhookResponse ToResponse(string? secret) => new()
    {
        Id = Id,
        Url = Url,
        Types = TypeNames(),
        Groups = GroupIds(),
        Description = Description,
        IsActive = IsActive,
        Secret = secret,
        OldSecretUntil = OldSecretUntil,
        CreatedAt = CreatedAt,
        CreatedBy = CreatedBy,
        CreatedByKey = CreatedByKey,
        UpdatedAt = UpdatedAt,
        LastDeliveredAt = LastDeliveredAt,
        FailingSince = FailingSince,
        PausedUntil = PausedUntil,
        GoneAt = GoneAt,
        MissedEventsAt = MissedEventsAt,
    };

    /// <summary>The stored values, which a PATCH overrides.</summary>
    public WebhookRequest ToRequest() => new() { Url = Url, Types = TypeNames(), Groups = GroupIds(), Description = Description, IsActive = IsActive };

    private static string[] Split(string values) => values.Split(Separator, StringSplitOptions.RemoveEmptyEntries);
}
