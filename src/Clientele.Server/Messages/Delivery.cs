namespace Clientele.Server.Messages;

/// <summary>
/// Sends the messages of the outbox. Every node has one delivery, and they share the work by leases. Mails and SMS do not wait for each other, and a
/// message does not wait for one whose server is slow. If a node dies after it has sent a message and before it has recorded that, another node sends
/// the message once more, with the same id.
/// </summary>
internal sealed partial class Delivery(
    IServiceScopeFactory scopes, OutboxSignal signal, MessageValues values, Templates templates, IMailSender mails, ISmsSender texts,
    IOptions<MailSettings> mailSettings, IOptions<SmsSettings> smsSettings, DeliveryMeter meter, DatabaseClock databaseClock, TimeProvider clock,
    ILogger<Delivery> logger) : BackgroundService
{
    /// <summary>How many messages of a channel a node sends at once.</summary>
    private const int MostAtOnce = 10;

    /// <summary>Twice as long as an attempt may take. If the node dies, another one takes over then.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(2);

    /// <summary>How often the outbox is polled for messages of other nodes and for further attempts.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>When the service stops, running attempts may take this long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Sends messages that are due. Returns whether there were any.</summary>
    public async Task<bool> DeliverOnceAsync(Channel channel, CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(channel, MostAtOnce, cancellationToken);
        await Task.WhenAll(claimed.Select(message => DeliverAsync(message, cancellationToken)));
        return claimed.Count > 0;
    }

    /// <summary>
    /// Sends until nothing is due, for tests. With distributed tables, each claim sends what <see cref="Message.ClaimAsync"/> says, and what has become of
    /// a message goes back to its worker.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        bool idle;
        do
        {
            while (await DeliverOnceAsync(Channel.Mail, cancellationToken) || await DeliverOnceAsync(Channel.Sms, cancellationToken))
            {
                // There may be more.
            }

            await using var scope = scopes.CreateAsyncScope();
            var (db, now) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), clock.Now());
            idle = !await IsAnyAsync(db.Messages.Where(m => m.NextAttemptAt <= now), cancellationToken);
            await Task.Delay(idle ? TimeSpan.Zero : TimeSpan.FromMilliseconds(20), cancellationToken);
        }
        while (!idle);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(LoopAsync(Channel.Mail, stoppingToken), LoopAsync(Channel.Sms, stoppingToken));
    }

    private async Task LoopAsync(Channel channel, CancellationToken stoppingToken)
    {
        List<Task> running = [];
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Read before the step, so that what is written meanwhile is not missed.
            var (written, claimed) = (signal.Written, new List<Message>());
            isFailing = !await TryAsync(
                async () => claimed = await ClaimAsync(channel, MostAtOnce - running.Count, stoppingToken), isKnown: isFailing, stoppingToken);
            running.AddRange(claimed.Select(message => TryAsync(() => DeliverAsync(message, stoppingToken), isKnown: false, stoppingToken)));
            if (running.Count == MostAtOnce)
            {
                await Task.WhenAny(running);
            }
            else if (claimed.Count == 0)
            {
                var pause = Task.Delay(PollInterval, stoppingToken);
                await Task.WhenAny(isFailing ? pause : written, pause);
            }

            running.RemoveAll(delivery => delivery.IsCompleted);
        }

        await Task.WhenAll(running);
    }

    /// <summary>Returns whether a step was successful. If not, messages stay in the outbox, and the step is tried again.</summary>
    /// <param name="isKnown">Whether the step failed the last time, too. Then the failure is not logged again.</param>
    private async Task<bool> TryAsync(Func<Task> step, bool isKnown, CancellationToken stoppingToken)
    {
        try
        {
            await step();
            return true;
        }
#pragma warning disable CA1031 // Whatever the failure is, there is a next step.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!isKnown && !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
            }

            return false;
        }
    }

    private async Task<List<Message>> ClaimAsync(Channel channel, int most, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, transaction) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<Transaction>());
        var (due, now) = (clock.Now(), databaseClock.Now);
        var (until, latest) = (now + LeaseTime, Lease.Latest(now + LeaseTime));
        var free = db.Messages.Where(m => m.Channel == channel && m.NextAttemptAt <= due && (m.ClaimedUntil <= now || m.ClaimedUntil > latest));
        return await Lease.ClaimAsync(
            () => IsAnyAsync(free, cancellationToken),
            async skip =>
            {
                List<Message> claimed = [];
                await transaction.RunAsync(
                    async () => claimed = await Message.ClaimAsync(db, channel, due, now, until, skip, most, cancellationToken), cancellationToken);
                return claimed;
            },
            most);
    }

    /// <summary>Reads one row. With a distributed table, each machine sends one row; with EXISTS, each would send all of them.</summary>
    private static async Task<bool> IsAnyAsync(IQueryable<Message> messages, CancellationToken cancellationToken) =>
        await messages.TagWith("scatter: is any message due").Select(m => m.Id).Take(1).ToListAsync(cancellationToken) is [_];

    private async Task DeliverAsync(Message message, CancellationToken stoppingToken)
    {
        try
        {
            await SendAsync(message, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It is not known whether the server has the message. When the lease ends, a node sends it again, with the same id.
            return;
        }
#pragma warning disable CA1031 // Whatever the failure is, the message stays in the outbox.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            await PostponeAsync(message, failure, stoppingToken);
            return;
        }

        var now = clock.Now();
        Log.Sent(logger, message.Id, message.Attempts);
        meter.Count(message.Channel, DeliveryMeter.Sent);

        // Also if the lease has ended and another node has taken over: the message was sent.
        await RecordAsync(
            message,
            rows => rows.Where(m => m.SentAt == null).ExecuteUpdateAsync(
                set => set
                    .SetProperty(m => m.SentAt, now)
                    .SetProperty(m => m.FailedAt, (DateTime?)null)
                    .SetProperty(m => m.NextAttemptAt, (DateTime?)null)
                    .SetProperty(m => m.LastError, (string?)null)
                    .SetProperty(m => m.SealedValues, ""),
                CancellationToken.None),
            stoppingToken);
    }

    /// <summary>Renders and sends a message. A server that does not respond in time gets no more of it.</summary>
    private async Task SendAsync(Message message, CancellationToken stoppingToken)
    {
        var seconds = message.Channel == Channel.Mail ? mailSettings.Value.TimeoutSeconds : smsSettings.Value.TimeoutSeconds;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await using var stopping = stoppingToken.Register(() => limit.CancelAfter(Grace));
        var content = templates.Render(message.Template, message.Language, values.Unprotect(message.SealedValues));
        try
        {
            await (message.Channel == Channel.Mail
                ? mails.SendAsync(new() { Id = message.Id, To = message.Recipient, Content = content, At = message.CreatedAt }, limit.Token)
                : texts.SendAsync(new(message.Id, message.Recipient, content.Text), limit.Token));
        }
        catch (OperationCanceledException late) when (!stoppingToken.IsCancellationRequested)
        {
            throw new DeliveryException(string.Create(CultureInfo.InvariantCulture, $"There was no response within {seconds} s."), late);
        }
    }

    /// <summary>Records a failed attempt, and when to try again. Another node that has taken the message over decides itself.</summary>
    private Task PostponeAsync(Message message, Exception failure, CancellationToken stoppingToken)
    {
        var (now, reason) = (clock.Now(), failure is DeliveryException described ? described.Message : $"{failure.GetBaseException().GetType().Name}.");
        var isOver = failure is DeliveryException { IsPermanent: true } || now >= message.GiveUpAt;
        var next = now + Message.DelayAfter(message.Attempts);
        DateTime? nextAttemptAt = isOver ? null : next < message.GiveUpAt ? next : message.GiveUpAt;
        DateTime? failedAt = isOver ? now : null;
        meter.Count(message.Channel, isOver ? DeliveryMeter.GivenUp : DeliveryMeter.Postponed);
        if (isOver)
        {
            Log.GivenUp(logger, message.Id, message.Attempts, reason);
        }
        else
        {
            Log.Postponed(logger, message.Id, message.Attempts, reason);
        }

        return RecordAsync(
            message,
            rows => rows.Where(m => m.ClaimedUntil == message.ClaimedUntil && m.SentAt == null).ExecuteUpdateAsync(
                set => set
                    .SetProperty(m => m.NextAttemptAt, nextAttemptAt)
                    .SetProperty(m => m.FailedAt, failedAt)
                    .SetProperty(m => m.LastError, reason)
                    .SetProperty(m => m.ClaimedUntil, DateTime.UnixEpoch),
                CancellationToken.None),
            stoppingToken);
    }

    /// <summary>
    /// Records what has become of an attempt. Waits while the database is away, even after the lease has ended, because a message that was sent and not
    /// recorded is sent again.
    /// </summary>
    private async Task RecordAsync(Message message, Func<IQueryable<Message>, Task<int>> update, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
                await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
                    () => update(db.Messages.Where(m => m.CustomerId == message.CustomerId && m.Id == message.Id)), CancellationToken.None);
                return;
            }
            catch (Exception failure) when (Database.IsTransient(failure))
            {
                await Task.Delay(PollInterval, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Message {Id} was sent at attempt {Attempt}")]
        public static partial void Sent(ILogger logger, Guid id, int attempt);

        [LoggerMessage(Level = LogLevel.Information, Message = "Message {Id} could not be sent at attempt {Attempt} and will be tried again: {Reason}")]
        public static partial void Postponed(ILogger logger, Guid id, int attempt, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} could not be sent and was given up after attempt {Attempt}: {Reason}")]
        public static partial void GivenUp(ILogger logger, Guid id, int attempt, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Messages could not be delivered and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}
