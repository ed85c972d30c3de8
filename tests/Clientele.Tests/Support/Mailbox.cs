using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MimeKit;

namespace Clientele.Tests.Support;

/// <summary>A mail or SMS, as its recipient sees it. An SMS has neither subject nor HTML.</summary>
public sealed partial record ReceivedMessage(Guid Id, string To, string Subject, string Text, string Html)
{
    /// <summary>The code of six digits; fails if there is none.</summary>
    public string Code => SixDigits().Match(Text) is { Success: true } found ? found.Value : throw new InvalidOperationException($"No code in: {Text}");

    /// <summary>The first link; fails if there is none.</summary>
    public string Link => Url().Match(Text) is { Success: true } found ? found.Value : throw new InvalidOperationException($"No link in: {Text}");

    /// <summary>The parameter <c>token</c> of the link, decoded.</summary>
    public string Token => Uri.UnescapeDataString(Link.Split("token=", 2)[1].Split('&', '#')[0]);

    /// <summary>Reads a mail.</summary>
    public static ReceivedMessage Of(MimeMessage mail) => new(
        Guid.Parse(mail.MessageId!.Split('@')[0]),
        mail.To.Mailboxes.Single().Address,
        mail.Subject ?? "",
        Lines(mail.TextBody ?? ""),
        Lines(mail.HtmlBody ?? ""));

    /// <summary>Reads a file of the folder.</summary>
    public static ReceivedMessage OfFile(string file)
    {
        if (Path.GetExtension(file) == ".eml")
        {
            using var mail = MimeMessage.Load(file);
            return Of(mail);
        }

        var parts = Lines(File.ReadAllText(file)).Split("\n\n", 2);
        var headers = parts[0].Split('\n').Select(line => line.Split(": ", 2)).ToDictionary(header => header[0], header => header[1]);
        return new(Guid.Parse(headers["Id"]), headers["To"], "", parts[1].TrimEnd(), "");
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<![\w+])\d{6}(?!\w)")]
    private static partial Regex SixDigits();

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Url();
}

/// <summary>The folder into which an app writes its messages, unless a test configures a server. Each test looks only at its own recipients.</summary>
public sealed class Mailbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, ReceivedMessage> _messages = new();
    private readonly ConcurrentDictionary<Guid, bool> _taken = new();

    /// <summary>A new folder.</summary>
    public Mailbox()
        : this(Path.Combine(TestDatabase.TemporaryDirectory, $"messages-{Guid.NewGuid():n}"))
    {
    }

    public Mailbox(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Adds a mail that an SMTP server has received.</summary>
    public void Put(string mail)
    {
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, $"{Guid.CreateVersion7()}.eml");
        File.WriteAllText($"{file}.unfinished", mail);
        File.Move($"{file}.unfinished", file);
    }

    /// <summary>The oldest message to this address or number that was not taken yet. Waits for one.</summary>
    /// <param name="to">The e-mail address or phone number.</param>
    /// <param name="about">A part of the subject or text; null for any message.</param>
    public async Task<ReceivedMessage> NextAsync(string to, string? about = null)
    {
        ReceivedMessage? next = null;
        await Wait.UntilAsync(
            () =>
            {
                next = All(to).FirstOrDefault(message => Is(message, about) && !_taken.ContainsKey(message.Id));
                return Task.FromResult(next is not null && _taken.TryAdd(next.Id, true));
            },
            Patience,
            $"a message to {to}{(about is null ? "" : $" about {about}")}");
        return next!;
    }

    /// <summary>All messages to this address or number that have arrived, oldest first. See <see cref="ClienteleApp.MailedAsync"/>.</summary>
    public IReadOnlyList<ReceivedMessage> All(string to)
    {
        foreach (var file in Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder) : [])
        {
            if (Path.GetExtension(file) is ".eml" or ".txt" && !_messages.ContainsKey(file))
            {
                _messages[file] = ReceivedMessage.OfFile(file);
            }
        }

        return [
            .. _messages.Values.Where(message => message.To.Equals(to, StringComparison.OrdinalIgnoreCase))
                .OrderBy(message => $"{message.Id}", StringComparer.Ordinal),
        ];
    }

    private static bool Is(ReceivedMessage message, string? about) =>
        about is null || $"{message.Subject}\n{message.Text}".Contains(about, StringComparison.OrdinalIgnoreCase);
}
