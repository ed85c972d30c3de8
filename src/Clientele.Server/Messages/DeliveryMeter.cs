using System.Diagnostics.Metrics;
using Clientele.Server.Operations;

namespace Clientele.Server.Messages;

/// <summary>Counts the attempts of this node to send messages.</summary>
internal sealed class DeliveryMeter(IMeterFactory meters)
{
    public const string Sent = "sent";
    public const string Postponed = "postponed";
    public const string GivenUp = "given_up";

    private readonly Counter<long> _attempts = meters.Create(Telemetry.MeterName)
        .CreateCounter<long>("clientele.messages.attempts", "{attempt}", "Attempts to send messages, by channel and outcome.");

    public void Count(Channel channel, string outcome)
    {
        var (name, value) = OutboxGauges.Label(channel);
        _attempts.Add(1, new KeyValuePair<string, object?>(name, value), new("outcome", outcome));
    }
}
