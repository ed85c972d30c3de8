namespace Clientele.Server.Messages;

/// <summary>Messages that were given up and can still be retried. They may be many after a failure of a server, so they are read every few minutes.</summary>
internal sealed class GivenUpGauges(ClienteleDb db, TimeProvider clock) : IDatabaseGauges
{
    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var from = clock.Now() - OldMessages.Retryable;
        var dead = await db.Messages.TagWith("scatter: messages that were given up").Where(m => m.FailedAt >= from)
            .GroupBy(m => m.Channel).Select(same => new { Channel = same.Key, Count = same.LongCount() })
            .ToDictionaryAsync(same => same.Channel, same => same.Count, cancellationToken);
        return
        [
            .. Enum.GetValues<Channel>().Select(channel => new GaugeReading(
                "clientele.messages.given_up", "{message}", "How many messages of the last days were given up and not sent since.",
                dead.GetValueOrDefault(channel), OutboxGauges.Label(channel))),
        ];
    }
}
