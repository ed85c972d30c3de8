namespace Clientele.Server.Messages;

/// <summary>Writes messages into the transaction of their cause. They are sent after its commit, and only then.</summary>
internal sealed class Outbox
{
    private readonly ClienteleDb _db;
    private readonly MessageValues _values;
    private readonly TimeProvider _clock;
    private readonly int _noticesPerDay;
    private bool _isChanged;

    public Outbox(
        ClienteleDb db, RequestTransaction transaction, MessageValues values, OutboxSignal signal, IOptions<RateLimits> limits, TimeProvider clock)
    {
        (_db, _values, _clock, _noticesPerDay) = (db, values, clock, limits.Value.MessagesPerDay);
        transaction.Ended.Add(() =>
        {
            if (_isChanged)
            {
                signal.Send();
            }
        });
    }

    /// <summary>Adds a message, to be saved with the rest of the transaction.</summary>
    /// <param name="customer">The customer that the message is about. It is in their preferred language.</param>
    /// <param name="recipient">The e-mail address or phone number. It may differ from the customer's current one.</param>
    /// <param name="values">The values that the template names.</param>
    public void Add(Customer customer, Template template, string recipient, params (string Name, string Value)[] values)
    {
        var now = _clock.Now();
        _isChanged = true;
        _db.Add(new Message
        {
            CustomerId = customer.Id,
            Id = Guid.CreateVersion7(now),
            Template = template,
            Channel = TemplateSource.ChannelOf(template),
            Language = customer.PreferredLanguage,
            Recipient = recipient,
            SealedValues = _values.Protect([.. values, (TemplateSource.Name, Greeting.NameOf(customer))]),
            CreatedAt = now,
            NextAttemptAt = now,
            GiveUpAt = now + Message.Longest,
            ClaimedUntil = DateTime.UnixEpoch,
        });
    }

    /// <summary>
    /// Adds a mail that tells an owner what has just happened to the account, unless they got as many with this template in a day as the limit allows:
    /// somebody who has registered with another's address could fill their mailbox.
    /// </summary>
    /// <param name="owner">The owner of the account. The row must be locked.</param>
    /// <param name="values">The values that the template names, besides <c>at</c>.</param>
    public async Task NotifyAsync(Customer owner, Template template, (string Name, string Value)[] values, CancellationToken cancellationToken)
    {
        var (id, now) = (owner.Id, _clock.Now());
        var since = now.AddDays(-1);
        var written = await _db.Messages.CountAsync(m => m.CustomerId == id && m.Template == template && m.CreatedAt > since, cancellationToken);
        if (written < _noticesPerDay)
        {
            Add(owner, template, owner.Email, [.. values, ("at", now.ToString("O", CultureInfo.InvariantCulture))]);
        }
    }

    /// <summary>Sends a failed message again, if its values are still stored. Returns false if it has not failed, or if they are gone.</summary>
    public async Task<bool> TryRetryAsync(long customerId, Guid id, CancellationToken cancellationToken)
    {
        var now = _clock.Now();
        var giveUpAt = now + Message.Longest;
        _isChanged = true;
        return await _db.Messages.Where(m => m.CustomerId == customerId && m.Id == id && m.FailedAt != null && m.SealedValues != "").ExecuteUpdateAsync(
            set => set
                .SetProperty(m => m.FailedAt, (DateTime?)null)
                .SetProperty(m => m.NextAttemptAt, now)
                .SetProperty(m => m.GiveUpAt, giveUpAt)
                .SetProperty(m => m.Attempts, 0),
            cancellationToken) == 1;
    }
}
