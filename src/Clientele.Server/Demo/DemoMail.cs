using Clientele.Server.Messages;

namespace Clientele.Server.Demo;

/// <summary>Messages of the last weeks: most were sent, some could not be.</summary>
internal sealed class DemoMail(MessageValues values, DateTime today)
{
    /// <summary>Older messages have been deleted.</summary>
    public const int KeptDays = 30;

    private static readonly string[] Refusals =
    [
        "The mail server refused the recipient with 550.", "The mail server could not be reached.", "The mail server refused the mail with 554.",
    ];

    public static Message Sent(Customer customer, Template template, Guid id, DateTime at) =>
        Create(customer, template, id, at, "", sentAt: at.AddSeconds(2), failedAt: null, attempts: 1, error: null);

    /// <summary>A mail that failed in the last days, so that an admin can send it again.</summary>
    public Message Failed(Customer customer, Guid id, DateTime at)
    {
        var error = Refusals[customer.Id % Refusals.Length];
        var isPermanent = error.StartsWith("The mail server refused", StringComparison.Ordinal);
        var failedAt = isPermanent ? at.AddSeconds(3) : at + Message.Longest < today ? at + Message.Longest : today;
        var when = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var text = values.Protect([("at", when), (TemplateSource.Name, Greeting.NameOf(customer))]);
        return Create(customer, Template.PasswordChanged, id, at, text, sentAt: null, failedAt, attempts: isPermanent ? 1 : 97, error);
    }

    private static Message Create(
        Customer customer, Template template, Guid id, DateTime at, string values, DateTime? sentAt, DateTime? failedAt, int attempts, string? error) => new()
        {
            CustomerId = customer.Id,
            Id = id,
            Template = template,
            Channel = TemplateSource.ChannelOf(template),
            Language = customer.PreferredLanguage,
            Recipient = TemplateSource.ChannelOf(template) == Channel.Sms ? customer.Phone! : customer.Email,
            SealedValues = values,
            CreatedAt = at,
            NextAttemptAt = null,
            GiveUpAt = at + Message.Longest,
            Attempts = attempts,
            ClaimedUntil = DateTime.UnixEpoch,
            SentAt = sentAt,
            FailedAt = failedAt,
            LastError = error,
        };
}
