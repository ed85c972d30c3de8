using System.Text;
using System.Text.Json;
using Clientele.Server.Messages;
using Clientele.Tests.Support;

namespace Clientele.Tests.Messages;

/// <summary>SMS go through the HTTP gateway of a provider, each once, whatever goes wrong on the way.</summary>
public sealed class SendingSms
{
    private const string Phone = "+4915112345678";

    [Fact]
    public async Task An_SMS_is_a_request_of_the_form_that_Twilio_takes()
    {
        await using var gateway = await SmsGateway.StartAsync();
        await using var app = await ClienteleApp.StartAsync(new() { Settings = new(gateway.Settings) { ["Store:Name"] = "Ümbrella & Co" } });
        var customer = await app.CustomerAsync();
        var id = await app.WriteMessageAsync(customer.Id, Template.PhoneCode, Phone, ("code", "123456"));

        Assert.Equal(new("sent", 1, null), await app.DeliveredAsync(customer.Id, id));

        var request = Assert.Single(gateway.Requests);
        Assert.Equal($"{id}", request.Key);
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("AC1:secret"))}", request.Authorization);
        Assert.StartsWith("application/x-www-form-urlencoded", request.ContentType, StringComparison.Ordinal);
        Assert.Equal(("+15005550006", Phone), (request["From"], request["To"]));
        Assert.StartsWith("123456 is your code for Ümbrella & Co.", request["Body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_with_another_form_gets_the_body_of_the_settings()
    {
        await using var gateway = await SmsGateway.StartAsync();
        await using var app = await ClienteleApp.StartAsync(new()
        {
            Settings = new(gateway.Settings)
            {
                ["Store:Name"] = "The \"Shop\"",
                ["Sms:ContentType"] = "application/json",
                ["Sms:Body"] = """{"recipient": "{to}", "content": "{text}", "reference": "{id}"}""",
            },
        });
        var customer = await app.CustomerAsync();
        var id = await app.WriteMessageAsync(customer.Id, Template.PhoneCode, Phone, ("code", "123456"));
        await app.DeliveredAsync(customer.Id, id);

        using var body = JsonDocument.Parse(Assert.Single(gateway.Requests).Body);
        Assert.Equal(Phone, body.RootElement.GetProperty("recipient").GetString());
        Assert.Equal(id, body.RootElement.GetProperty("reference").GetGuid());
        Assert.StartsWith("123456 is your code for The \"Shop\".", body.RootElement.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(302)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_SMS_that_the_gateway_does_not_take_now_is_sent_when_it_does(int status)
    {
        await using var gateway = await SmsGateway.StartAsync();
        await using var app = await ClienteleApp.StartAsync(new() { Settings = gateway.Settings });
        var customer = await app.CustomerAsync();

        // A slow machine would try again by itself.
        app.Clock.Stop();
        gateway.Status = status;
        var id = await app.WriteMessageAsync(customer.Id, Template.PhoneCode, Phone, ("code", "123456"));
        Assert.Equal(new("pending", 1, $"The SMS gateway responded with {status}."), await app.DeliveredAsync(customer.Id, id));

        gateway.Status = 201;
        app.Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(new("sent", 2, null), await app.DeliveredAsync(customer.Id, id));
        Assert.Equal([$"{id}", $"{id}"], gateway.Requests.Select(request => request.Key));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task An_SMS_that_the_gateway_refuses_is_not_tried_again(int status)
    {
        await using var gateway = await SmsGateway.StartAsync();
        await using var app = await ClienteleApp.StartAsync(new() { Settings = gateway.Settings });
        var customer = await app.CustomerAsync();
        gateway.Status = status;
        var id = await app.WriteMessageAsync(customer.Id, Template.PhoneCode, Phone, ("code", "123456"));

        Assert.Equal(new("failed", 1, $"The SMS gateway responded with {status}."), await app.DeliveredAsync(customer.Id, id));
    }

    [Fact]
    public async Task A_gateway_that_does_not_respond_keeps_no_mail_waiting()
    {
        await using var gateway = await SmsGateway.StartAsync();
        gateway.IsSilent = true;
        await using var app = await ClienteleApp.StartAsync(new() { Settings = new(gateway.Settings) { ["Sms:TimeoutSeconds"] = "2" } });
        var customer = await app.CustomerAsync();

        // A slow machine would try again by itself.
        app.Clock.Stop();
        var id = await app.WriteMessageAsync(customer.Id, Template.PhoneCode, Phone, ("code", "123456"));
        await Wait.UntilAsync(() => Task.FromResult(gateway.Requests.Count == 1), TimeSpan.FromSeconds(30), "the gateway has a request");

        await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, "recipient@example.com", ("at", "2025-10-15T14:30:00Z"));

        await app.Mail.NextAsync("recipient@example.com");
        Assert.Equal(new("pending", 1, "There was no response within 2 s."), await app.DeliveredAsync(customer.Id, id));
    }
}
