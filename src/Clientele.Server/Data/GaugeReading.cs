namespace Clientele.Server.Data;

/// <summary>The value of a gauge at one moment.</summary>
/// <param name="Name">The name of the gauge by the conventions of OpenTelemetry, such as <c>clientele.messages.pending</c>.</param>
/// <param name="Unit"><c>s</c> for seconds, or what is counted, such as <c>{message}</c>.</param>
/// <param name="Description">What the value says, as one sentence.</param>
/// <param name="Value">The value.</param>
/// <param name="Label">What part of the gauge this is, such as <c>("state", "running")</c>: one of a few names, never data of a person.</param>
internal sealed record GaugeReading(string Name, string Unit, string Description, double Value, (string Name, string Value)? Label = null)
{
    /// <summary>The seconds since an instant; 0 if there is none, or if the clock of another node is ahead.</summary>
    public static double Age(DateTime now, DateTime? since) => since is { } instant ? Math.Max(0, (now - instant).TotalSeconds) : 0;
}
