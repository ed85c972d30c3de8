using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>An API key to create, or the members of one to change.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>What the key is for. Audit entries show the name that the key has at the time.</summary>
    /// <example>Order system</example>
    [Required, StringLength(100), OneLine]
    public string Name { get; set; } = "";

    /// <summary>What the key may do, at least one.</summary>
    /// <example>["orders:read", "orders:write"]</example>
    [Required, OneOf(typeof(KeyScope)), MaxLength(100)]
    public IReadOnlyList<string>? Scopes { get; set; }

    /// <summary>When the key expires; null for never. Must be in the future.</summary>
    /// <example>2999-12-31T00:00:00Z</example>
    public DateTime? ExpiresAt { get; set; }

    /// <summary>The addresses and networks (CIDR) that the key may be used from, at most 100; empty or null for all.</summary>
    /// <example>["203.0.113.0/24", "2001:db8::/48"]</example>
    [MaxLength(100)]
    public IReadOnlyList<string>? Networks { get; set; }
}

/// <summary>How to rotate an API key.</summary>
public sealed record RotateApiKeyRequest
{
    /// <summary>How many seconds the old secret stays valid: a day by default, at most a week, 0 to end it at once.</summary>
    /// <example>3600</example>
    [Range(0, 604_800)]
    public int GracePeriod { get; set; } = 86_400;
}

/// <summary>An API key. Its secret is shown once: when the key is created, and when it is rotated.</summary>
public sealed record ApiKeyResponse
{
    /// <summary>The id, which is also a part of the key.</summary>
    /// <example>k7m2q9x4tbnw</example>
    public required string Id { get; init; }

    /// <summary>What the key is for.</summary>
    /// <example>Order system</example>
    public required string Name { get; init; }

    /// <summary>The whole key, for the header <c>Authorization: Bearer</c>. Absent unless the key has just been created or rotated.</summary>
    /// <example>clk_k7m2q9x4tbnw_v3kXW0dQm5sJzL8nRtY2bHcPfGaEuK6iVo1MqTxZ4Dw0a1B2C</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>What the key may do.</summary>
    /// <example>["orders:read", "orders:write"]</example>
    [OneOf(typeof(KeyScope))]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The networks that the key may be used from; empty for all.</summary>
    /// <example>["203.0.113.0/24"]</example>
    public required IReadOnlyList<string> Networks { get; init; }

    /// <summary>When the key expires; null for never.</summary>
    /// <example>2999-12-31T00:00:00Z</example>
    public required DateTime? ExpiresAt { get; init; }

    /// <summary>When the key was created.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>The id of the admin who created it; null for the command line.</summary>
    /// <example>1</example>
    public required long? CreatedBy { get; init; }

    /// <summary>When the key was last changed or rotated.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>Until when the secret from before the last rotation is valid; null if there is none.</summary>
    /// <example>2025-10-16T14:30:00Z</example>
    public required DateTime? OldSecretUntil { get; init; }

    /// <summary>When the key was last used, up to about a minute late; null for never.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? LastUsedAt { get; init; }

    /// <summary>The network that it was last used from: an IPv4 address, or the /64 of an IPv6 address.</summary>
    /// <example>203.0.113.7</example>
    public required string? LastUsedNetwork { get; init; }
}
