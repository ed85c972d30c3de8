using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Clientele.Client;
using Clientele.Tests.Support;
using Clientele.Tests.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Guides;

/// <summary>docs/guides/receiving-events.md does what it says: its C# is the code beside this file, and its TypeScript is taken from the page.</summary>
public sealed class FollowingTheEventsGuide
{
    private const string Guide = "docs/guides/receiving-events.md";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The Node.js that Playwright brings along: it runs TypeScript.</summary>
    private static string Node => Path.Combine(AppContext.BaseDirectory, ".playwright", "node", "linux-x64", "node");

    [Fact]
    public void The_examples_in_CSharp_are_the_ones_that_run_here()
    {
        var source = Lines(Repository.Read("tests/Clientele.Tests/Guides/EventReceiver.cs"));

        var examples = Blocks("csharp");

        Assert.Equal(2, examples.Count);
        Assert.All(examples, example => Assert.Contains(Lines(example), source, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_receiver_in_CSharp_applies_each_event_once_and_refuses_others()
    {
        await using var own = await AppAsync();
        var (port, admin, customer) = (FreePort(), await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, secret) = await HookAsync(admin, port);
        await using var receiver = EventReceiver.Build(port, new WebhookVerifier(own.Clock, secret));
        using var stranger = await receiver.StartedAsync();

        await ChangeAndDeliverTwiceAsync(own, admin, customer, url);

        Assert.Single(receiver.Services.GetRequiredService<Applied>().Ids);
        Assert.Equal(HttpStatusCode.BadRequest, await ForgeAsync(stranger));
    }

    [Fact]
    public async Task The_receiver_in_TypeScript_applies_each_event_once_and_refuses_others()
    {
        Assert.SkipUnless(File.Exists(Node), "Playwright's Node.js is not here.");
        await using var own = await AppAsync();
        var (port, admin, customer) = (FreePort(), await own.AdminAsync(), await own.CustomerAsync());
        await own.PlaceEventsAsync();
        var (url, secret) = await HookAsync(admin, port);
        var folder = Directory.CreateTempSubdirectory("clientele-guide-");
        var printed = new ConcurrentQueue<string>();
        var script = Path.Combine(folder.FullName, "receiver.mts");
        await File.WriteAllTextAsync(script, Assert.Single(Blocks("typescript")), TestContext.Current.CancellationToken);
        using var process = new Process { StartInfo = new(Node, [script]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.StartInfo.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        process.StartInfo.Environment["WEBHOOK_SECRETS"] = $"whsec_{Convert.ToBase64String(new byte[24])} {secret}";
        process.OutputDataReceived += (_, line) => printed.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => printed.Enqueue(line.Data ?? "");
        process.Start();
        try
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await Wait.UntilAsync(
                () => Task.FromResult(printed.Contains("Listening.")), Patience, $"the receiver listens: {string.Join('\n', printed)}");

            await ChangeAndDeliverTwiceAsync(own, admin, customer, url);

            using var stranger = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
            Assert.Equal(HttpStatusCode.BadRequest, await ForgeAsync(stranger));
            await Wait.UntilAsync(() => Task.FromResult(printed.Count > 1), Patience, "the event is printed");
            Assert.Single(printed, line => line == $"customer.updated of customer {customer.Id}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_reader_of_the_feed_continues_at_its_cursor()
    {
        await using var own = await AppAsync();
        var (admin, customer, stored) = (await own.AdminAsync(), await own.CustomerAsync(), new ConcurrentQueue<string>());
        await own.PlaceEventsAsync();
        using var client = own.Client(admin);
        using var enough = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EventReceiver.FollowAsync(
            client,
            () => Task.FromResult((string?)EventQuery.Latest),
            async (cursor, _) =>
            {
                stored.Enqueue(cursor);
                await (stored.Count == 1 ? customer.Patch(customer.Url, new { first_name = "Augusta" }) : enough.CancelAsync());
            },
            enough.Token));

        Assert.Equal(2, stored.Count);
    }

    private static Task<ClienteleApp> AppAsync() => ClienteleApp.StartAsync(new() { Settings = { ["Webhooks:AllowedHosts:0"] = "127.0.0.1" } });

    private static async Task<(string Url, string Secret)> HookAsync(Actor admin, int port)
    {
        var hook = new { url = $"http://127.0.0.1:{port}/webhooks/clientele", types = new[] { EventType.CustomerUpdated } };
        var created = (await admin.Post("/api/webhooks/", hook)).Expect(201);
        return ($"/api/webhooks/{created["id"]}/", (string)created["secret"]!);
    }

    private static async Task ChangeAndDeliverTwiceAsync(ClienteleApp own, Actor admin, Actor customer, string url)
    {
        (await customer.Patch(customer.Url, new { first_name = "Augusta" })).Expect(200);
        await own.DeliverAsync();
        var delivery = Assert.Single(await admin.DeliveriesAsync(url));
        Assert.Equal((204, "delivered"), ((int)delivery["status_code"]!, (string)delivery["state"]!));
        (await admin.Post($"{url}deliveries/{delivery["id"]}/redeliver/")).Expect(200);
        await own.DeliverAsync();
        Assert.Equal("delivered", (string)Assert.Single(await admin.DeliveriesAsync(url))["state"]!);
    }

    private static async Task<HttpStatusCode> ForgeAsync(HttpClient stranger)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/clientele") { Content = new StringContent("{}") };
        request.Headers.Add("webhook-id", "1-1");
        request.Headers.Add("webhook-timestamp", DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", "v1,bm9uc2Vuc2U=");
        using var response = await stranger.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static List<string> Blocks(string language) => [.. Repository.Read(Guide).Split("```")
        .Where(block => block.StartsWith(language, StringComparison.Ordinal)).Select(block => block[language.Length..])];

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
