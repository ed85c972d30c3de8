using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>The whole life of an account, by the SDK: each mail leads to the next step.</summary>
public sealed class LivingWithAnAccount(ClienteleApp app)
{
    [Fact]
    public async Task From_registration_to_an_undone_change()
    {
        var token = TestContext.Current.CancellationToken;
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
        Assert.True((await client.Accounts.VerifyPhoneAsync((await app.Mail.NextAsync(registration.Phone)).Code, token)).PhoneVerified);

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
