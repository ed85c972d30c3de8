using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Asked to stop, the service takes nothing new and finishes what it took.</summary>
public sealed class Stopping
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_request_that_was_taken_is_finished_before_the_process_ends_well()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var server = await ServerProcess.ServeAsync(database.ConnectionString);
        var body = $$"""
            {"username": "late", "email": "late@example.com", "password": "{{ClienteleApp.Password}}", "password2": "{{ClienteleApp.Password}}", "first_name": "Ada", "last_name": "Lovelace"}
            """;

        // The service says 100 when it begins to read: the request is taken, and waits for its body.
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = slow.GetStream();
        await SendAsync(stream, $"POST /api/customers/register/ HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100", await ReceiveAsync(stream), StringComparison.Ordinal);

        var asked = Stopwatch.GetTimestamp();
        var exit = server.TerminateAsync();
        await Crowd.EventuallyAsync(() => RefusesAsync(server.Address), Patience, "no new connections are taken");
        Assert.False(server.HasExited);
        await SendAsync(stream, body);

        Assert.StartsWith("HTTP/1.1 201", await ReceiveAsync(stream), StringComparison.Ordinal);
        Assert.Equal(0, await exit);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(1, await database.CountAsync("SELECT COUNT(*) FROM customers WHERE username = 'late'"));
    }

    private static async Task<bool> RefusesAsync(Uri address)
    {
        try
        {
            using var knocking = new TcpClient();
            await knocking.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static Task SendAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken).AsTask();

    private static async Task<string> ReceiveAsync(NetworkStream stream)
    {
        var buffer = new byte[8192];
        var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
