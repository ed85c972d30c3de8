using MimeKit;

namespace Clientele.Server.Messages;

/// <summary>Writes mails into a folder. Mail programs open the files, and the text is readable as it is.</summary>
internal sealed class FolderMailSender(MessageFolder folder, IOptions<MailSettings> settings, IOptions<Store> store) : IMailSender
{
    /// <summary>UTF-8 without any encoding of lines and headers.</summary>
    private static readonly FormatOptions Readable = Format();

    public Task SendAsync(Mail mail, CancellationToken cancellationToken) => folder.WriteAsync(mail.Id, ".eml", async stream =>
    {
        using var message = mail.ToMime(settings.Value.Sender(store.Value.Name));
        foreach (var part in message.BodyParts.OfType<MimePart>())
        {
            part.ContentTransferEncoding = ContentEncoding.EightBit;
        }

        await message.WriteToAsync(Readable, stream, cancellationToken);
    });

    private static FormatOptions Format()
    {
        var format = FormatOptions.Default.Clone();
        (format.International, format.NewLineFormat) = (true, NewLineFormat.Unix);
        return format;
    }
}
