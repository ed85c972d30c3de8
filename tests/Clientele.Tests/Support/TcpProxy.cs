using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Clientele.Tests.Support;

/// <summary>A connection between the service and its database that can be cut, blocked and restored.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _flow = Flowing();
    private volatile bool _cut;

    public TcpProxy(string host, int port)
    {
        _listener.Start();
        _accepting = AcceptAsync(host, port);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All connections end, and new ones end at once.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var end in _open.Keys)
        {
            end.Dispose();
        }
    }

    /// <summary>Connections stay open, but no data gets through.</summary>
    public void Clog() => _flow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend()
    {
        _cut = false;
        _flow.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Cut();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _ending.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flow = new TaskCompletionSource();
        flow.SetResult();
        return flow;
    }

    private async Task AcceptAsync(string host, int port)
    {
        while (true)
        {
            var near = await _listener.AcceptTcpClientAsync(_ending.Token);
            if (_cut)
            {
                near.Client.Close(0);
                continue;
            }

            _ = JoinAsync(near, host, port);
        }
    }

    private async Task JoinAsync(TcpClient near, string host, int port)
    {
        using var far = new TcpClient();
        using (near)
        {
            _open[near] = 0;
            _open[far] = 0;
            try
            {
                await far.ConnectAsync(host, port, _ending.Token);
                await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
            }
            catch (Exception broken) when (broken is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // A cut connection ends like this.
            }
            finally
            {
                _open.TryRemove(near, out _);
                _open.TryRemove(far, out _);
            }
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        var chunk = new byte[16 * 1024];
        while (await from.GetStream().ReadAsync(chunk, _ending.Token) is > 0 and var read)
        {
            await _flow.Task.WaitAsync(_ending.Token);
            await to.GetStream().WriteAsync(chunk.AsMemory(0, read), _ending.Token);
        }
    }
}
