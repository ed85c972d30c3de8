using Clientele.Server.Accounts;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Accounts;

/// <summary>The owner gets a mail about each change of the second factors: it may have been a thief.</summary>
public sealed class NoticingFactors(ClienteleApp app)
{
    private const string Totp = "/api/auth/factors/totp/";

    [Fact]
    public async Task Whatever_happens_to_the_factors_is_told_in_a_mail()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        using var phone = new SoftwareAuthenticator();

        var (_, codes) = await Authenticator.OfAsync(customer, own.Clock);
        customer.Keep(codes.Take(1));
        var passkey = (await customer.AddPasskeyAsync(phone)).Expect(201);
        (await customer.Delete(Totp)).Expect(204);
        (await customer.Delete($"{PasskeyCalls.Own}{(Guid)passkey["id"]!}/")).Expect(204);

        Assert.Equal(
            [
                "An authenticator app was added to your account. Signing in needs a code of it from now on.",
                "A recovery code was used for your account. It cannot be used again.",
                "A passkey was added to your account.",
                "The authenticator app of your account was removed.",
                "A passkey of your account was removed.",
            ],
            await NoticesAsync(own, customer));
    }

    [Fact]
    public async Task Who_changes_factors_again_and_again_fills_no_mailbox()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["RateLimits:MessagesPerDay"] = "3" } });
        var customer = await own.CustomerAsync();
        for (var round = 0; round < 3; round++)
        {
            var (_, codes) = await Authenticator.OfAsync(customer, own.Clock);
            customer.Keep(codes.Take(1));
            (await customer.Delete(Totp)).Expect(204);
            own.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, (await NoticesAsync(own, customer)).Count);
        Assert.Equal(6, await own.Database.CountAsync($"SELECT COUNT(*) FROM audit_entries WHERE customer_id = {customer.Id} AND action LIKE 'account.totp%'"));
    }

    [Fact]
    public async Task An_app_that_waits_for_its_first_code_and_one_that_is_not_there_are_not_told()
    {
        var customer = await app.CustomerAsync();

        (await customer.Post(Totp)).Expect(200);
        (await customer.Post($"{Totp}confirm/", new { code = "000000" })).ExpectProblem(400);
        (await customer.Delete(Totp)).Expect(204);
        (await customer.Delete(Totp)).Expect(204);

        Assert.Empty(await NoticesAsync(app, customer));
    }

    [Fact]
    public async Task The_owner_is_told_that_the_shop_has_removed_the_factors()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await Authenticator.OfAsync(customer, own.Clock);

        await using var scope = own.Services.CreateAsyncScope();
        Assert.Empty(await scope.ServiceProvider.GetRequiredService<Superusers>().ResetFactorsAsync(customer.Username, CancellationToken.None));

        Assert.Equal(
            "The second factors of your account were removed by the shop, and you are signed out on all devices.",
            (await NoticesAsync(own, customer))[^1]);
    }

    /// <summary>The sentences that say what has changed, oldest first.</summary>
    private static async Task<IReadOnlyList<string>> NoticesAsync(ClienteleApp app, Actor customer) =>
    [
        .. (await app.MailedAsync(customer.Email)).Where(mail => mail.Subject == "The way you sign in has changed")
            .Select(mail => mail.Text.Split("\n\n")[1]),
    ];
}
