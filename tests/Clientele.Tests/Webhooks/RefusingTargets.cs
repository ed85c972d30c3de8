using System.Net;
using System.Net.Sockets;
using Clientele.Server.Webhooks;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Webhooks;

/// <summary>Webhooks reach no machine that is not on the internet, however its address is written.</summary>
public sealed class RefusingTargets(OwnApp app) : IClassFixture<OwnApp>
{
    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://172.16.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://198.18.0.1/")]
    [InlineData("https://192.0.0.1/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://255.255.255.255/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://[64:ff9b::127.0.0.1]/")]
    [InlineData("https://[64:ff9b:1::1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[2001:0:7f00:1::]/")]
    [InlineData("https://[2001:db8::1]/")]
    [InlineData("https://[fc00::1]/")]
    [InlineData("https://[fd12:3456::1]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fec0::1]/")]
    [InlineData("https://[ff02::1]/")]
    [InlineData("https://localhost/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://anything.localhost/")]
    [InlineData("http://shop.example/")]
    [InlineData("https://shop.example:22/")]
    [InlineData("https://user:password@shop.example/")]
    [InlineData("https://user@shop.example/")]
    [InlineData("https://shop.example/#fragment")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://shop.example/")]
    [InlineData("//shop.example/")]
    [InlineData("shop.example")]
    [InlineData("https://")]
    [InlineData("https://一佋傖凡匬呷嗂圍塘妣嫮尹嶄廏怚慥抰揻敆暑.example/")]
    [InlineData("https://üaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/")]
    public async Task It_is_refused_with_the_reason_when_it_is_stored(string url) =>
        (await (await app.KeyAsync("webhooks:write")).Post("/api/webhooks/", new { url, is_active = false })).ExpectProblem(400, "url");

    [Theory]
    [InlineData("https://shop.example/")]
    [InlineData("https://shop.example:8443/hooks?key=1")]
    [InlineData("https://93.184.215.14/")]
    [InlineData("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/")]
    [InlineData("https://bücher.example/")]
    public async Task A_public_address_is_accepted(string url) =>
        (await (await app.KeyAsync("webhooks:write")).Post("/api/webhooks/", new { url, is_active = false })).Expect(201);

    /// <summary>As if the name had been public when it was stored: the row has the address, and the port is allowed.</summary>
    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    public async Task Nobody_who_listens_there_gets_a_connection(string host)
    {
        using var listener = Socket.OSSupportsIPv6
            ? new TcpListener(IPAddress.IPv6Any, 0) { Server = { DualMode = true } }
            : new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Webhooks:Ports"] = $"443,{port}" } });
        using var client = own.Services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(WebhookSender));

        // Without the check of the URL: only the one of the address is left.
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.PostAsync($"https://{host}:{port}/", new StringContent("{}"), TestContext.Current.CancellationToken));

        // Not every resolver knows the name with a dot.
        Assert.True(
            refusal.InnerException is RefusedAddressException || (host == "localhost." && refusal.InnerException is SocketException), $"{refusal}");
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_stored_address_that_is_no_longer_allowed_is_not_used()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var allowing = await receiver.AppAsync();
        var key = await allowing.KeyAsync("webhooks:write");
        var (url, _) = await receiver.HookAsync(key);
        await using var strict = await ClienteleApp.StartAsync(new() { Database = allowing.Database, Clock = allowing.Clock });

        var tested = (await strict.Here(key).Post($"{url}test/")).Expect(200);

        Assert.False((bool)tested["is_delivered"]!);
        Assert.Contains("not allowed", (string)tested["error"]!, StringComparison.Ordinal);
        Assert.Empty(receiver.Received);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.127.255.255", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::8.8.8.8", false)]
    [InlineData("64:ff9b::8.8.8.8", false)]
    [InlineData("2002:808:808::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("4000::1", false)]
    public void An_address_is_public_by_the_registries(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddresses.Contain(IPAddress.Parse(address)));
}
