namespace Clientele.Server.Accounts;

/// <summary>A key that all nodes share, encrypted with the framework's data protection.</summary>
[Table("server_keys", TableClass.Local)]
internal sealed class ServerKey
{
    public required string Id { get; init; }

    public required string Protected { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When the key is first used. Null, in rows of earlier releases, means a day after it was created.</summary>
    public DateTime? UsedFrom { get; init; }
}
