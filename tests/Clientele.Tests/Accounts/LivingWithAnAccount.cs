using Clientele.Client;
using Clientele.Tests.Support;
using netDumbster.smtp;

namespace Clientele.Tests.Accounts;

/// <summary>The whole life of an account, by the SDK: each mail that the SMTP server gets, and each SMS at the gateway, leads to the next step.</summary>
public sealed class LivingWithAnAccount
{
    [Fact]
    public async Task From_registration_to_an_undone_change()
    {
        var token = TestContext.Current.CancellationToken;
        using var smtp = Configuration.Configure().WithRandomPort().Build();
        await using var gateway = await SmsGateway.StartAsync();
        await using var app = await ClienteleApp.StartAsync(new()
        {
            Settings = new(gateway.Settings)
            {
                ["Mail:Host"] = "127.0.0.1",
                ["Mail:Port"] = $"{smtp.Configuration.Port}",
                ["Mail:Security"] = "None",
                ["Mail:From"] = "service@shop.example",
            },
        });
        smtp.MessageReceived += (_, received) => app.Mail.Put(received.Message.Data);
        var name = $"ada-{Guid.NewGuid():N}";
        var (email, next) = ($"{name}@example.com", $"{name}@elsewhere.example");
        using var http = app.CreateClient();
        var client = new ClienteleClient(http);
        var registration = new RegisterRequest
        {
            Username = name,
            Email = email,
            Password = ClienteleApp.Password,
            FirstName = "Ada",
            LastName = "Lovelace",
            Phone = $"+49151{Random.Shared.NextInt64(10_000_000, 99_999_999)}",
        };

        await client.Accounts.RegisterAsync(registration, cancellationToken: token);
        Assert.True((await client.Accounts.VerifyEmailAsync((await app.Mail.NextAsync(email)).Token, token)).IsVerified);

        await client.Accounts.ResetPasswordAsync(email, token);
        var reset = await app.Mail.NextAsync(email, "/reset/");
        await client.Accounts.ConfirmResetAsync(new() { Token = reset.Token, NewPassword = "winter-otter-lantern" }, token);
        await client.SignInAsync(email, "winter-otter-lantern", token);

        await client.Accounts.SendPhoneCodeAsync(token);
        await Wait.UntilAsync(() => Task.FromResult(gateway.Requests.Count == 1), TimeSpan.FromMinutes(1), "an SMS at the gateway");
        var sms = new ReceivedMessage(Guid.NewGuid(), registration.Phone, "", gateway.Requests[0]["Body"], "");
        Assert.Equal(registration.Phone, gateway.Requests[0]["To"]);
        Assert.True((await client.Accounts.VerifyPhoneAsync(sms.Code, token)).PhoneVerified);

        var pending = (await client.Customers.UpdateMeAsync(new() { Email = next, CurrentPassword = "winter-otter-lantern" }, cancellationToken: token)).Value;
        Assert.Equal((email, next), (pending.Email, pending.PendingEmail));
        await client.Accounts.SendEmailCodeAsync(token);
        await app.Mail.NextAsync(next);
        await client.Accounts.VerifyEmailByCodeAsync((await app.Mail.NextAsync(next)).Code, token);
        Assert.Equal(next, (await client.Customers.GetMeAsync(token)).Value.Email);

        await client.Accounts.UndoEmailAsync((await app.Mail.NextAsync(email, "/undo/")).Token, token);
        await client.SignInAsync(email, "winter-otter-lantern", token);
        Assert.Equal(email, (await client.Customers.GetMeAsync(token)).Value.Email);
    }
}
