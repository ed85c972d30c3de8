using Clientele.Tests.Support;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Signing in to the console, in a real browser.</summary>
public sealed class SigningInToTheConsole(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    [Fact]
    public async Task An_admin_signs_in()
    {
        var page = await OpenAsync();
        await SignedOutAsync(page);

        await SignInAsync(page, await App.AdminAsync());

        Assert.DoesNotContain("Sign in", await page.TitleAsync(), StringComparison.Ordinal);
    }
}
