using Microsoft.Playwright;

namespace Clientele.Tests.Support;

/// <summary>The authenticator of a browser that asks nobody, as Chromium has it for tests.</summary>
internal static class VirtualAuthenticator
{
    /// <summary>Adds one to a page. It keeps its passkeys until the page is closed.</summary>
    public static async Task AddAuthenticatorAsync(this IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
