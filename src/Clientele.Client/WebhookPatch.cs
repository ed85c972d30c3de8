namespace Clientele.Client;

/// <summary>
/// A change of a webhook: properties that are assigned are sent, including null; the others do not change.
/// <code>await client.Webhooks.UpdateAsync(id, new WebhookPatch { IsActive = false });</code>
/// </summary>
public sealed class WebhookPatch : MergePatch
{
    /// <summary>Where the events are sent.</summary>
    public string? Url
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The types of events that are sent; empty or null for all.</summary>
    public IReadOnlyList<string>? Types
    {
        get => Get<IReadOnlyList<string>?>();
        set => Set(value);
    }

    /// <summary>The ids of the groups whose entries and exits are sent; empty or null for all.</summary>
    public IReadOnlyList<long>? Groups
    {
        get => Get<IReadOnlyList<long>?>();
        set => Set(value);
    }

    /// <summary>What the webhook is for.</summary>
    public string? Description
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>Whether events are sent. A webhook that is turned on again continues where it stopped.</summary>
    public bool? IsActive
    {
        get => Get<bool?>();
        set => Set(value);
    }
}
