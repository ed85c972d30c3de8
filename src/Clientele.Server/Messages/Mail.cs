using MimeKit;

namespace Clientele.Server.Messages;

/// <summary>A mail that is ready to be sent.</summary>
internal sealed record Mail
{
    public required Guid Id { get; init; }

    public required string To { get; init; }

    public required RenderedMessage Content { get; init; }

    /// <summary>When it was written, which is the same for every attempt.</summary>
    public required DateTime At { get; init; }

    /// <summary>
    /// The mail with its headers. The id is the same for every attempt, so that the recipient's server can recognise a mail that it already has.
    /// </summary>
    public MimeMessage ToMime(MailboxAddress from)
    {
        if (!MailboxAddress.TryParse(To, out var to) || to.Address != To || !To.Contains('@', StringComparison.Ordinal))
        {
            throw new DeliveryException("The e-mail address of the recipient is not valid.") { IsPermanent = true };
        }

        var message = new MimeMessage
        {
            MessageId = $"{Id}@{(from.Domain is { Length: > 0 } domain ? domain : "localhost")}",
            Subject = Content.Subject,
            Date = new DateTimeOffset(At),
            Body = new BodyBuilder { TextBody = Content.Text, HtmlBody = Content.Html }.ToMessageBody(),
        };
        message.From.Add(from);
        message.To.Add(to);
        message.Body.Headers.Add(HeaderId.ContentLanguage, Content.Language);

        // Programs that answer mails, such as those of people on vacation, do not answer this one (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
