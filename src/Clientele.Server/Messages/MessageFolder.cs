namespace Clientele.Server.Messages;

/// <summary>
/// The folder that messages are written to while there is no server for them, for development. Each message is one file with its id as the name, so
/// that a second attempt replaces the file of the first.
/// </summary>
internal sealed partial class MessageFolder(
    Database database, IOptions<MessageSettings> settings, IOptions<MailSettings> mail, IOptions<SmsSettings> sms, ILogger<MessageFolder> logger)
{
    private readonly string _path = Path.GetFullPath(
        settings.Value.Folder is { Length: > 0 } folder ? folder : Path.Combine(database.Folder, "messages"));

    /// <summary>What the person who starts the service should know about messages; null if servers send all of them.</summary>
    public string? Notice => (mail.Value.IsServer, sms.Value.IsGateway) switch
    {
        (false, false) => $"Mails and SMS are written to {_path} until Mail:Host and Sms:Url are set.",
        (false, true) => $"Mails are written to {_path} until Mail:Host is set.",
        (true, false) => $"SMS are written to {_path} until Sms:Url is set.",
        _ => null,
    };

    /// <summary>Writes a file that only the service's own user can read, because it contains codes and links. Readers never see a part of it.</summary>
    public async Task WriteAsync(Guid id, string extension, Func<Stream, Task> write)
    {
        OwnerOnly.CreateFolder(_path);
        var (file, unfinished) = (Path.Combine(_path, $"{id}{extension}"), Path.Combine(_path, $".{id}-{Path.GetRandomFileName()}"));
        await using (var stream = OwnerOnly.CreateFile(unfinished))
        {
            await write(stream);
        }

        File.Move(unfinished, file, overwrite: true);
        Log.Written(logger, id, file);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Message {Id} was written to {File}")]
        public static partial void Written(ILogger logger, Guid id, string file);
    }
}
