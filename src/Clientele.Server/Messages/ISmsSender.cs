namespace Clientele.Server.Messages;

/// <summary>Sends SMS. It returns when somebody else has accepted the SMS, and fails with any exception if nobody has.</summary>
internal interface ISmsSender
{
    Task SendAsync(Sms sms, CancellationToken cancellationToken);
}
