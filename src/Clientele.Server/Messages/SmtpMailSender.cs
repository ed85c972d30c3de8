using MailKit.Net.Smtp;
using MailKit.Security;

namespace Clientele.Server.Messages;

/// <summary>Sends mails to an SMTP server.</summary>
internal sealed class SmtpMailSender(IOptions<MailSettings> options, IOptions<Store> store) : IMailSender
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly MailSettings _settings = options.Value;

    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        using var message = mail.ToMime(_settings.Sender(store.Value.Name));

        // Without the lists of revoked certificates: authorities no longer answer for each certificate, and a list that cannot be loaded would stop
        // all mails. The certificate's name, its dates and its authority are checked.
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(_settings.Host!, _settings.Port, Options(_settings.Security), cancellationToken);
            if (!string.IsNullOrEmpty(_settings.User))
            {
                await client.AuthenticateAsync(_settings.User, _settings.Password ?? "", cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
        }
        catch (Exception failure) when (Describe(failure) is { } described)
        {
            throw described;
        }

        await SayGoodbyeAsync(client);
    }

    private static SecureSocketOptions Options(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
    };

    /// <summary>
    /// The reason in our words; null for other failures. A recipient or a mail that is refused with 5xx is refused for good (RFC 5321). A refused sender or
    /// password is an error in our settings, so that the mail waits until it is corrected.
    /// </summary>
    private static DeliveryException? Describe(Exception failure) => failure switch
    {
        SmtpCommandException refused => new($"The mail server refused the {What(refused.ErrorCode)} with {(int)refused.StatusCode}.", refused)
        {
            IsPermanent = (int)refused.StatusCode >= 500
                && refused.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted,
        },
        SmtpProtocolException broken => new("The mail server ended the connection or spoke no SMTP.", broken),
        AuthenticationException refused => new("The mail server refused the user or the password.", refused),
        SslHandshakeException untrusted => new("The connection to the mail server cannot be encrypted, or its certificate is not trusted.", untrusted),
        NotSupportedException lacking => new("The mail server does not offer what the settings ask for, such as STARTTLS.", lacking),
        _ => null,
    };

    private static string What(SmtpErrorCode code) => code switch
    {
        SmtpErrorCode.RecipientNotAccepted => "recipient",
        SmtpErrorCode.SenderNotAccepted => "sender",
        SmtpErrorCode.MessageNotAccepted => "mail",
        _ => "command",
    };

    /// <summary>The server has the mail by now. What happens to the connection does not matter any more.</summary>
    private static async Task SayGoodbyeAsync(SmtpClient client)
    {
        using var limit = new CancellationTokenSource(Goodbye);
        try
        {
            await client.DisconnectAsync(quit: true, limit.Token);
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            // See above.
        }
    }
}
