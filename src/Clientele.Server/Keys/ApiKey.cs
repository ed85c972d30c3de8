namespace Clientele.Server.Keys;

/// <summary>The credential of another system of the shop. A revoked key has no row.</summary>
[Table("api_keys", TableClass.Local)]
internal sealed class ApiKey
{
    private const char Separator = ' ';

    public required string Id { get; init; }

    /// <summary>Grows with changes by admins, not with uses.</summary>
    public int Version { get; set; } = 1;

    public required string Name { get; set; }

    /// <summary>Separated by blanks.</summary>
    public required string Scopes { get; set; }

    /// <summary>Separated by blanks; empty for all.</summary>
    public required string Networks { get; set; }

    /// <summary>SHA-256 of the whole key.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The hash from before the last rotation.</summary>
    public byte[]? OldHash { get; set; }

    public DateTime? OldHashUntil { get; set; }

    public DateTime? ExpiresAt { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required long? CreatedBy { get; init; }

    public required DateTime UpdatedAt { get; set; }

    public DateTime? LastUsedAt { get; set; }

    public string? LastUsedNetwork { get; set; }

    public static string Join(IEnumerable<string> values) => string.Join(Separator, values);

    public static string[] Split(string values) => values.Split(Separator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The key as responses show it.</summary>
    /// <param name="text">The whole key, if it is new.</param>
    public ApiKeyResponse ToResponse(string? text) => new()
    {
        Id = Id,
        Name = Name,
        Key = text,
        Scopes = Split(Scopes),
        Networks = Split(Networks),
        ExpiresAt = ExpiresAt,
        CreatedAt = CreatedAt,
        CreatedBy = CreatedBy,
        UpdatedAt = UpdatedAt,
        OldSecretUntil = OldHashUntil,
        LastUsedAt = LastUsedAt,
        LastUsedNetwork = LastUsedNetwork,
    };

    /// <summary>The stored values, which a PATCH overrides.</summary>
    public ApiKeyRequest ToRequest() => new() { Name = Name, Scopes = Split(Scopes), Networks = Split(Networks), ExpiresAt = ExpiresAt };
}
