namespace Clientele.Server.Messages;

/// <summary>What waits in the outbox, by channel.</summary>
internal sealed class OutboxGauges(ClienteleDb db, TimeProvider clock) : IDatabaseGauges
{
    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var pending = await db.Messages.TagWith("scatter: how much waits").Where(m => m.NextAttemptAt != null).GroupBy(m => m.Channel)
            .Select(same => new { Channel = same.Key, Count = same.LongCount(), OldestAt = same.Min(m => m.CreatedAt) })
            .ToDictionaryAsync(same => same.Channel, cancellationToken);
        var now = clock.Now();
        return
        [
            .. Enum.GetValues<Channel>().SelectMany(channel => new GaugeReading[]
            {
                new("clientele.messages.pending", "{message}", "How many messages wait to be sent.",
                    pending.GetValueOrDefault(channel)?.Count ?? 0, Label(channel)),
                new("clientele.messages.age", "s", "How long ago the oldest of these messages was written.",
                    GaugeReading.Age(now, pending.GetValueOrDefault(channel)?.OldestAt), Label(channel)),
            }),
        ];
    }

    public static (string Name, string Value) Label(Channel channel) => ("channel", JsonNamingPolicy.SnakeCaseLower.ConvertName($"{channel}"));
}
