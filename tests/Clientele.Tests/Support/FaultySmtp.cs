using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Clientele.Tests.Support;

/// <summary>What goes wrong at a mail server.</summary>
public enum SmtpFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The server closes each connection.</summary>
    Closed,

    /// <summary>The server accepts connections and says nothing.</summary>
    Silent,

    /// <summary>The recipient's mailbox is busy: 451.</summary>
    RecipientBusy,

    /// <summary>There is no such recipient: 550.</summary>
    RecipientUnknown,

    /// <summary>The server takes the mail, and then has no room for it: 452.</summary>
    NoRoom,

    /// <summary>The server takes the mail and closes the connection without a reply.</summary>
    CutOffAfterData,

    /// <summary>The server takes the mail, and neither replies nor closes the connection.</summary>
    SilentAfterData,

    /// <summary>The server does not want mails from us: 550.</summary>
    SenderUnwanted,
}

/// <summary>A mail server on loopback whose faults a test chooses. It offers no encryption.</summary>
public sealed class FaultySmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<ReceivedMessage> _received = new();
    private readonly Task _accepting;
    private volatile int _fault;
    private volatile int _connections;

    public FaultySmtp(SmtpFault fault = SmtpFault.None)
    {
        Fault = fault;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public SmtpFault Fault
    {
        get => (SmtpFault)_fault;
        set => _fault = (int)value;
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The number of connections so far.</summary>
    public int Connections => _connections;

    /// <summary>The mails whose last line the server has seen, and which it has not refused.</summary>
    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    /// <summary>Those of them that are for this recipient.</summary>
    public IReadOnlyList<ReceivedMessage> To(string recipient) => [.. _received.Where(mail => mail.To == recipient)];

    /// <summary>The settings with which an app sends its mails here.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Mail:Host"] = "127.0.0.1",
        ["Mail:Port"] = $"{Port}",
        ["Mail:Security"] = "None",
        ["Mail:From"] = "service@shop.example",
        ["Mail:TimeoutSeconds"] = "60",
    };

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        while (!_ending.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_ending.Token);
            Interlocked.Increment(ref _connections);
            serving.Add(ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        if (Fault == SmtpFault.Closed)
        {
            return;
        }

        if (Fault == SmtpFault.Silent)
        {
            await Task.Delay(Timeout.Infinite, _ending.Token);
        }

        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 Ready");
        while (await reader.ReadLineAsync(_ending.Token) is { } line)
        {
            var command = line.Split(' ')[0].ToUpperInvariant();
            if (command == "DATA")
            {
                await writer.WriteLineAsync("354 Go on");
                var mail = await ReadMailAsync(reader);
                if (Fault == SmtpFault.NoRoom)
                {
                    await writer.WriteLineAsync("452 No room");
                    continue;
                }

                _received.Enqueue(mail);
                if (Fault == SmtpFault.CutOffAfterData)
                {
                    return;
                }

                if (Fault == SmtpFault.SilentAfterData)
                {
                    await Task.Delay(Timeout.Infinite, _ending.Token);
                }
            }

            await writer.WriteLineAsync(ReplyTo(command));
            if (command == "QUIT")
            {
                return;
            }
        }
    }

    private string ReplyTo(string command) => (command, Fault) switch
    {
        ("EHLO", _) => "250 localhost",
        ("MAIL", SmtpFault.SenderUnwanted) => "550 Not from you",
        ("RCPT", SmtpFault.RecipientBusy) => "451 Busy",
        ("RCPT", SmtpFault.RecipientUnknown) => "550 Unknown",
        ("QUIT", _) => "221 Bye",
        _ => "250 Fine",
    };

    private async Task<ReceivedMessage> ReadMailAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_ending.Token) is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        using var mail = await MimeMessage.LoadAsync(stream, _ending.Token);
        return ReceivedMessage.Of(mail);
    }
}
