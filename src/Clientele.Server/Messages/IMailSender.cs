namespace Clientele.Server.Messages;

/// <summary>Sends mails. It returns when somebody else has accepted the mail, and fails with any exception if nobody has.</summary>
internal interface IMailSender
{
    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}
