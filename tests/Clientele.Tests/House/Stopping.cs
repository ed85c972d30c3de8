using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Threading.RateLimiting;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

/// <summary>When asked to stop, the service accepts nothing new and finishes what it has accepted.</summary>
public sealed class Stopping
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_request_that_was_taken_is_finished_before_the_process_ends_well()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var (database, admin) = await ClienteleApp.DatabaseAsync();
        await using var _ = database;
        await using var server = await ServerProcess.ServeAsync(database.ConnectionString, "--Shutdown:DrainSeconds=0");
        var credentials = new { username = admin, password = ClienteleApp.Password };
        var access = (string)(await new Actor(server.Client).Post("/api/auth/token/", credentials)).Expect(200)["access"]!;

        // A request without a password: hashes have the lowest priority, so a busy machine may not finish one in the ten seconds of the shutdown.
        const string body = """{"name": "Umbrella"}""";

        // The service sends 100 Continue when it begins to read: the request is accepted, and the service waits for its body.
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = slow.GetStream();
        await SendAsync(
            stream,
            $"PUT /api/customers/customers/{Me(access)}/wishlist/late/ HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {access}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100", await ReceiveAsync(stream), StringComparison.Ordinal);

        var asked = Stopwatch.GetTimestamp();
        var exit = server.TerminateAsync();
        await Wait.UntilAsync(() => RefusesAsync(server.Address), Patience, "no new connections are taken");
        Assert.False(server.HasExited);
        await SendAsync(stream, body);

        Assert.StartsWith("HTTP/1.1 201", await ReceiveAsync(stream), StringComparison.Ordinal);
        Assert.Equal(0, await exit);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(1, await database.CountAsync("SELECT COUNT(*) FROM wishlist_items WHERE product_id = 'late'"));
    }

    [Fact]
    public async Task A_host_that_has_stopped_keeps_no_timer_and_no_open_file()
    {
        var app = await ClienteleApp.StartAsync();
        await app.CustomerAsync();
        var (limiter, file) = (app.Services.GetRequiredService<PartitionedRateLimiter<HttpContext>>(), app.Database.ConnectionString);
        Assert.Equal(TestDatabase.Kind is DatabaseKind.Sqlite, IsOpen(file));
        await app.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => limiter.AttemptAcquire(new DefaultHttpContext()));
        Assert.False(IsOpen(file));

        // A deleted file is still open in the list of the process.
        static bool IsOpen(string file) =>
            Directory.EnumerateFiles("/proc/self/fd").Any(open => new FileInfo(open).LinkTarget?.StartsWith(file, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task No_request_fails_while_load_balancers_take_the_node_out()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var (database, admin) = await ClienteleApp.DatabaseAsync();
        await using var _ = database;
        await using var server = await ServerProcess.ServeAsync(database.ConnectionString, "--Shutdown:DrainSeconds=4");
        var credentials = new { username = admin, password = ClienteleApp.Password };
        var access = (string)(await new Actor(server.Client).Post("/api/auth/token/", credentials)).Expect(200)["access"]!;
        var caller = new Actor(server.Client) { Access = access };
        var (isIn, sent, served) = (true, 0, 0);
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref isIn))
            {
                (await caller.Put($"/api/customers/customers/{Me(access)}/wishlist/{Interlocked.Increment(ref sent)}/", new { name = "Umbrella" })).Expect(201);
                (await caller.Get("/api/customers/customers/me/")).Expect(200);
            }
        })).ToArray();
        await Wait.UntilAsync(() => Task.FromResult(Volatile.Read(ref sent) > 8), Patience, "there is load");

        var asked = Stopwatch.GetTimestamp();
        var exit = server.TerminateAsync();
        await Wait.UntilAsync(async () => (int)(await caller.Get("/health/ready")).Status == 503, Patience, "the node says that it is going");

        // A load balancer needs several probes to notice, and goes on sending requests meanwhile.
        var before = Volatile.Read(ref sent);
        await Wait.UntilAsync(() => Task.FromResult(Volatile.Read(ref sent) > before + 8), Patience, "requests are still served");
        Volatile.Write(ref isIn, false);
        await Task.WhenAll(load);
        served = Volatile.Read(ref sent);

        Assert.Equal(0, await exit);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(served, await database.CountAsync("SELECT COUNT(*) FROM wishlist_items"));
    }

    [Fact]
    public async Task Ctrl_C_waits_for_no_load_balancer()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var server = await ServerProcess.ServeAsync(database.ConnectionString, "--Shutdown:DrainSeconds=300");

        Assert.Equal(0, await server.InterruptAsync());
    }

    /// <summary>The owner of the token.</summary>
    private static string Me(string access) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(access).Subject;

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

    private static Task SendAsync(NetworkStream stream, string text) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken).AsTask();

    private static async Task<string> ReceiveAsync(NetworkStream stream)
    {
        var buffer = new byte[8192];
        var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
