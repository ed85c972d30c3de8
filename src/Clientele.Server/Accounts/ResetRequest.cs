namespace Clientele.Server.Accounts;

/// <summary>
/// A request for a new password that waits for its mail. There is one for every request, also for an unknown name, so that the request itself does the
/// same for all names.
/// </summary>
[Table("reset_requests", TableClass.Local)]
[PrimaryKey(nameof(Id))]
internal sealed class ResetRequest
{
    public required Guid Id { get; init; }

    /// <summary>The account; 0 if nobody has the name.</summary>
    public required long SubjectId { get; init; }

    public required DateTime CreatedAt { get; init; }
}
