using System.Net.Sockets;
using System.Text;

namespace Clientele.Tests.Support;

/// <summary>A client without manners, for requests that no proper one sends.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends bytes as they are and returns the answer, to its end or that of the connection.</summary>
    /// <param name="address">Where the service listens.</param>
    /// <param name="head">Request line and headers, a line each.</param>
    /// <param name="body">What follows, as the client sees fit.</param>
    /// <param name="hangUp">Whether the client says that no more will come.</param>
    public static Task<string> SendAsync(Uri address, IEnumerable<string> head, Func<Stream, Task>? body = null, bool hangUp = false) =>
        TalkAsync(address, [.. head, $"Host: {address.Authority}", "Connection: close"], body, hangUp);

    /// <summary>The same for a request that does not say for which host it is.</summary>
    public static Task<string> SendWithoutHostAsync(Uri address, params string[] head) => TalkAsync(address, head, null, hangUp: false);

    private static async Task<string> TalkAsync(Uri address, IEnumerable<string> head, Func<Stream, Task>? body, bool hangUp)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, timeout.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", [.. head, "", ""])), timeout.Token);

        var sending = SendBodyAsync();
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, timeout.Token);
        }
        catch (IOException)
        {
            // A server may hang up on somebody who talks on after the answer; what it has said before counts.
        }

        await sending;
        return Encoding.Latin1.GetString(answer.ToArray());

        async Task SendBodyAsync()
        {
            try
            {
                await (body?.Invoke(stream) ?? Task.CompletedTask);
                if (hangUp)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException)
            {
                // The answer came before the body was through.
            }
        }
    }
}
