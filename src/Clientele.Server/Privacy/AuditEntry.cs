namespace Clientele.Server.Privacy;

/// <summary>
/// Records a change with ids and numbers only, so that it can stay after an erasure. What changed, and from which network,
/// is in <see cref="AuditDetails"/>, which an erasure removes.
/// </summary>
internal abstract class AuditEntryBase
{
    /// <summary>The entry's position in its chain, from 1.</summary>
    public required long Sequence { get; init; }

    public required DateTime At { get; init; }

    /// <summary>The customer id of the account that made the change; null for API keys, the command line and anonymous callers.</summary>
    public required long? ActorId { get; init; }

    /// <summary>The role of the actor. For an API key, <c>key:</c> and its id.</summary>
    public required string ActorRole { get; init; }

    public required string Action { get; init; }

    public required string Resource { get; init; }

    /// <summary>SHA-256 of the details with their salt. It verifies the details while they exist, and reveals nothing when they are gone.</summary>
    public required byte[] DetailsHash { get; init; }

    /// <summary>SHA-256 of the previous entry's hash and this entry.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>The id of the customer or group that the chain belongs to.</summary>
    public abstract long Owner { get; }

    /// <summary>Appends this entry after the one with the given hash.</summary>
    public byte[] Link(byte[] previous) => Hash = HashAfter(previous);

    /// <summary>The hash that this entry has after the one with the given hash, at its own position or at another.</summary>
    public byte[] HashAfter(byte[] previous, long? sequence = null) => SHA256.HashData(
        [.. previous, .. Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Owner}\n{sequence ?? Sequence}\n{At:O}\n{ActorId}\n{ActorRole}\n{Action}\n{Resource}\n")), .. DetailsHash]);
}

[Table("audit_entries", TableClass.Owned, AppendOnly = true)]
[PrimaryKey(nameof(CustomerId), nameof(Sequence))]
internal sealed class AuditEntry : AuditEntryBase
{
    public required long CustomerId { get; init; }

    public override long Owner => CustomerId;

    /// <summary>The entry with its details, if they still exist.</summary>
    public AuditEntryResponse ToResponse(AuditDetails? details) => new()
    {
        Id = Sequence,
        At = At,
        Actor = new AuditActor
        {
            Id = ActorId,
            Role = Roles.Shown(ActorRole),
            Key = Roles.Shown(ActorRole) == Roles.Key ? ActorRole[Roles.KeyPrefix.Length..] : null,
            Name = details?.ActorName,
        },
        Action = Action,
        Resource = Resource,
        Changes = details is null ? null : Read(details.Changes),
        Network = details?.Network,
    };

    /// <summary>The changed members in the details.</summary>
    public static List<AuditChange> Read(string changes) =>
    [
        .. JsonElement.Parse(changes).EnumerateObject()
            .Select(change => new AuditChange { Member = change.Name, From = Text(change.Value, "from"), To = Text(change.Value, "to") }),
    ];

    private static string? Text(JsonElement change, string side) => change.ValueKind == JsonValueKind.Null ? null : change.GetProperty(side).GetString();
}
