namespace Clientele.Server.Events;

/// <summary>The settings under <c>Events:</c>.</summary>
internal sealed class EventSettings
{
    /// <summary>How many days events are kept.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 90;

    /// <summary>The <c>source</c> of all events. All nodes must have the same.</summary>
    public string Source { get; set; } = "/clientele";

    /// <summary>How many days before points expire the first event tells it; 0 for none.</summary>
    [Range(0, 3650)]
    public int ExpiringDays { get; set; } = 30;

    /// <summary>The same for the second event.</summary>
    [Range(0, 3650)]
    public int ExpiringAgainDays { get; set; } = 7;
}
