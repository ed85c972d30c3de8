using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Clientele.Tests.Support;

/// <summary>A complete mail server on loopback. It takes mails over TLS, and only from <see cref="User"/>.</summary>
public sealed class TlsSmtp : IAsyncDisposable
{
    public const string User = "shop";
    public const string Password = "of-the-mail-server";

    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<int> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<ReceivedMessage> _received = new();
    private readonly ConcurrentQueue<string> _inClear = new();
    private readonly string _security;
    private readonly Task _running;
    private int _port;
    private volatile int _begun;
    private volatile int _ended;

    private TlsSmtp(X509Certificate2 certificate, string security)
    {
        _security = security;
        var listeners = new EndpointListenerFactory();
        listeners.EndpointStarted += (_, started) => _listening.TrySetResult(((IPEndPoint)started.LocalEndPoint).Port);
        var services = new ServiceProvider();
        services.Add(listeners);
        services.Add(new DelegatingUserAuthenticator((user, password) => (user, password) == (User, Password)));
        services.Add(new Store(_received));
        var options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(endpoint => endpoint
                .Endpoint(new IPEndPoint(IPAddress.Loopback, 0))
                .Certificate(certificate)
                .IsSecure(security == "Tls")
                .AuthenticationRequired()
                .AllowUnsecureAuthentication(false))
            .Build();
        var server = new SmtpServer.SmtpServer(options, services);
        server.SessionCreated += (_, session) => Begin(session.Context);
        server.SessionCompleted += (_, _) => Interlocked.Increment(ref _ended);
        server.SessionFaulted += (_, _) => Interlocked.Increment(ref _ended);
        server.SessionCancelled += (_, _) => Interlocked.Increment(ref _ended);
        _running = server.StartAsync(_ending.Token);
    }

    /// <summary>The mails that the server has taken.</summary>
    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    /// <summary>The commands that came without encryption. Complete after <see cref="EndedAsync"/>.</summary>
    public IReadOnlyList<string> InClear => [.. _inClear];

    /// <summary>The settings with which an app sends its mails here.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Mail:Host"] = "localhost",
        ["Mail:Port"] = $"{_port}",
        ["Mail:Security"] = _security,
        ["Mail:User"] = User,
        ["Mail:Password"] = Password,
        ["Mail:From"] = "service@shop.example",
    };

    /// <summary>Starts a server.</summary>
    /// <param name="certificate">The server's certificate, with its key.</param>
    /// <param name="security">When the encryption begins: <c>StartTls</c> or <c>Tls</c>, as in <c>Mail:Security</c>.</param>
    public static async Task<TlsSmtp> StartAsync(X509Certificate2 certificate, string security)
    {
        var server = new TlsSmtp(certificate, security);
        server._port = await server._listening.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Waits until a connection was made and all of them have ended.</summary>
    public Task EndedAsync() =>
        Wait.UntilAsync(() => Task.FromResult(_ended > 0 && _ended == _begun), TimeSpan.FromSeconds(30), "the end of all connections");

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private void Begin(ISessionContext session)
    {
        Interlocked.Increment(ref _begun);
        session.CommandExecuting += (_, command) =>
        {
            if (!command.Context.Pipe.IsSecure)
            {
                _inClear.Enqueue(command.Command.Name);
            }
        };
    }

    private sealed class Store(ConcurrentQueue<ReceivedMessage> received) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray());
            using var mail = await MimeMessage.LoadAsync(stream, cancellationToken);
            received.Enqueue(ReceivedMessage.Of(mail));
            return SmtpResponse.Ok;
        }
    }
}
