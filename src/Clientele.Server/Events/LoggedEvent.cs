namespace Clientele.Server.Events;

/// <summary>
/// Something that has happened to a customer, written in the transaction of the change. The feed shows it once it has a position: see
/// <see cref="EventPositions"/>. Events stay when their customer is erased, without data that names a person.
/// </summary>
[Table("events", TableClass.Owned)]
[PrimaryKey(nameof(CustomerId), nameof(GroupId), nameof(Number))]
internal sealed class LoggedEvent
{
    /// <summary>The group of events that are not about a group.</summary>
    public const long NoGroup = 0;

    public required long CustomerId { get; init; }

    /// <summary>The group that was entered or left; <see cref="NoGroup"/> for other events.</summary>
    public required long GroupId { get; init; }

    /// <summary>
    /// The number of the event among those of the customer, which <see cref="Customer.EventCount"/> counts, or of the change among those of the group.
    /// The lock on the customer, or on the group's count, makes it grow from commit to commit.
    /// </summary>
    public required long Number { get; init; }

    public required EventKind Kind { get; init; }

    public required DateTime At { get; init; }

    /// <summary>The facts as JSON; null if an erasure has removed them.</summary>
    public required string? Data { get; set; }

    /// <summary>The place in the feed, the same for all readers; null until a node has assigned it.</summary>
    public long? Position { get; init; }

    /// <summary>An event about a group. The number is that of the change, so an entry or exit cannot be told twice.</summary>
    public static LoggedEvent OfMembership(long customerId, long groupId, long number, bool entered, DateTime at, string cause) => new()
    {
        CustomerId = customerId,
        GroupId = groupId,
        Number = number,
        Kind = entered ? EventKind.GroupEntered : EventKind.GroupLeft,
        At = at,
        Data = MembershipData(groupId, cause),
    };

    public static string MembershipData(long groupId, string cause) => EventForm.Text(new GroupMovedData { Group = groupId, Cause = cause });

    /// <summary>The id of the event with this key.</summary>
    public static string IdOf(long customerId, long groupId, long number) => groupId == NoGroup
        ? string.Create(CultureInfo.InvariantCulture, $"{customerId}-{number}")
        : string.Create(CultureInfo.InvariantCulture, $"{customerId}-{groupId}-{number}");

    public CustomerEvent ToResponse(string source) => new()
    {
        SpecVersion = "1.0",
        Id = IdOf(CustomerId, GroupId, Number),
        Source = source,
        Type = EventForm.Of(Kind).Name,
        Subject = string.Create(CultureInfo.InvariantCulture, $"customer/{CustomerId}"),
        Time = At,
        DataContentType = "application/json",
        Customer = CustomerId.ToString(CultureInfo.InvariantCulture),
        Version = EventForm.Version,
        Data = Data is null ? null : JsonElement.Parse(Data),
    };

    internal sealed class Configuration : IEntityTypeConfiguration<LoggedEvent>
    {
        public void Configure(EntityTypeBuilder<LoggedEvent> builder)
        {
            builder.HasIndex(e => e.Position).HasFilter("position IS NOT NULL");
            builder.HasIndex(e => new { e.CustomerId, e.GroupId, e.Number }, "ix_events_waiting").HasFilter("position IS NULL");
        }
    }
}
