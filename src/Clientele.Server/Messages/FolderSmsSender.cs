namespace Clientele.Server.Messages;

/// <summary>Writes SMS into a folder.</summary>
internal sealed class FolderSmsSender(MessageFolder folder) : ISmsSender
{
    public Task SendAsync(Sms sms, CancellationToken cancellationToken) => folder.WriteAsync(
        sms.Id,
        ".txt",
        stream => stream.WriteAsync(Encoding.UTF8.GetBytes($"Id: {sms.Id}\nTo: {sms.To}\n\n{sms.Text}\n"), cancellationToken).AsTask());
}
