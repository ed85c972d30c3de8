using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>A link in a mail leads to a page, and opening it changes nothing.</summary>
public sealed class OpeningLinks(ClienteleApp app)
{
    [Theory]
    [InlineData("verify")]
    [InlineData("reset")]
    [InlineData("undo")]
    public async Task Each_link_leads_to_a_page_that_loads_only_from_here(string name)
    {
        var page = (await app.Stranger.Get($"/account/{name}/")).Expect(200);

        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("//", page.Text, StringComparison.Ordinal);
        Assert.Contains($"{name}:", (await app.Stranger.Get("/account/account.js")).Expect(200).Text, StringComparison.Ordinal);
        (await app.Stranger.Get("/api/docs/home.css")).Expect(200);
    }

    [Fact]
    public async Task Opening_a_link_proves_nothing()
    {
        var customer = await app.CustomerAsync();
        var mail = await app.Mail.NextAsync(customer.Email);

        (await app.Stranger.Get($"/account/verify/?token={mail.Token}")).Expect(200);

        Assert.False((bool)(await customer.Get(customer.Url))["is_verified"]);
    }
}
