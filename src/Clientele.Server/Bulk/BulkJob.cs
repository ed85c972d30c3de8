using System.Security.Claims;

namespace Clientele.Server.Bulk;

/// <summary>
/// A change of many customers, and how far it is. It goes through the ids in ascending order, up to the last one that existed when it began, and
/// changes the customers who match when their batch is read: each at most once, and nobody who has registered since.
/// </summary>
[Table("bulk_jobs", TableClass.Local)]
[Index(nameof(State), nameof(CreatedAt))]
[Index(nameof(CreatedAt), nameof(Id))]
internal sealed class BulkJob
{
    public const int MostErrors = 20;

    public required Guid Id { get; init; }

    /// <summary>Grows with each batch.</summary>
    public int Version { get; init; } = 1;

    /// <summary>One of <see cref="BulkAction"/>.</summary>
    public required string Action { get; init; }

    public BulkState State { get; init; }

    /// <summary>
    /// The filters, a JSON object of texts. Empty once the job has ended: they may contain personal data, and are of no use any more.
    /// </summary>
    public required string Filters { get; init; }

    /// <summary>The tags, a JSON array.</summary>
    public required string Tags { get; init; }

    public required long? GroupId { get; init; }

    /// <summary>The last id that is done.</summary>
    public long Position { get; init; }

    /// <summary>The last id when the job began.</summary>
    public long LastId { get; init; }

    /// <summary>How many customers matched when the job began; null before that.</summary>
    public long? Total { get; init; }

    public long Done { get; init; }

    public long Changed { get; init; }

    public long Failed { get; init; }

    /// <summary>The first failures, a JSON array of <see cref="BulkError"/>.</summary>
    public string Errors { get; init; } = "[]";

    /// <summary>Why the job has failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The admin who started it; null for a key.</summary>
    public required long? CreatedBy { get; init; }

    /// <summary>The key that started it; null for an admin.</summary>
    public required string? KeyId { get; init; }

    public required string? KeyName { get; init; }

    /// <summary>The network that the request came from, for the audit.</summary>
    public required string? Network { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? EndedAt { get; init; }

    /// <summary>The caller who started the job.</summary>
    public ClaimsPrincipal Asker()
    {
        Claim[] claims = KeyId is null
            ? [new("sub", CreatedBy!.Value.ToString(CultureInfo.InvariantCulture))]
            : [new(KeyClaims.Id, KeyId), new(KeyClaims.Name, KeyName ?? "")];
        return new(new ClaimsIdentity([.. claims, new(ClaimTypes.Role, Roles.Admin)], "bulk"));
    }

    public string[] TagList() => JsonSerializer.Deserialize(Tags, WireJson.Default.IReadOnlyListString) is { } tags ? [.. tags] : [];

    public BulkJobResponse ToResponse() => new()
    {
        Id = Id,
        Action = Action,
        Tags = TagList(),
        Group = GroupId,
        State = JsonNamingPolicy.SnakeCaseLower.ConvertName(State.ToString()),
        Total = Total,
        Done = Done,
        Changed = Changed,
        Failed = Failed,
        Errors = JsonSerializer.Deserialize(Errors, WireJson.Default.IReadOnlyListBulkError)!,
        Reason = Reason,
        CreatedBy = CreatedBy,
        CreatedAt = CreatedAt,
        EndedAt = EndedAt,
    };
}
