using System.Net.Sockets;
using System.Text;

namespace Clientele.Tests.Support;

/// <summary>A raw HTTP client, for requests that no proper client sends.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends bytes unchanged and returns the response, up to its end or the end of the connection.</summary>
    /// <param name="address">The address of the service.</param>
    /// <param name="head">The request line and the headers, one per line.</param>
    /// <param name="body">Writes what follows the headers.</param>
    /// <param name="hangUp">Whether the client closes its sending side.</param>
    public static Task<string> SendAsync(Uri address, IEnumerable<string> head, Func<Stream, Task>? body = null, bool hangUp = false) =>
        TalkAsync(address, [.. head, $"Host: {address.Authority}", "Connection: close"], body, hangUp);

    /// <summary>The same for a request without a Host header.</summary>
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
            // A server may close the connection if the client goes on sending after the response; what it sent before counts.
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
                // The response came before the whole body was sent.
            }
        }
    }
}
