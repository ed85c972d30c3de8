namespace Clientele.Client;

/// <summary>
/// A change of an API key: properties that are assigned are sent, including null; the others do not change.
/// <code>await client.Keys.UpdateAsync(id, new ApiKeyPatch { Networks = ["203.0.113.0/24"] });</code>
/// </summary>
public sealed class ApiKeyPatch : MergePatch
{
    /// <summary>What the key is for.</summary>
    public string? Name
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>What the key may do, at least one.</summary>
    public IReadOnlyList<string>? Scopes
    {
        get => Get<IReadOnlyList<string>?>();
        set => Set(value);
    }

    /// <summary>When the key expires; null for never.</summary>
    public DateTime? ExpiresAt
    {
        get => Get<DateTime?>();
        set => Set(value);
    }

    /// <summary>The networks that the key may be used from; empty or null for all.</summary>
    public IReadOnlyList<string>? Networks
    {
        get => Get<IReadOnlyList<string>?>();
        set => Set(value);
    }
}
