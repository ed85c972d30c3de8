using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>Sign-ins with a client, and from a network, of the test's choice.</summary>
internal static class SignIns
{
    public const string FirefoxOnLinux = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    public const string SafariOnIPhone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

    /// <summary>The settings of an app that takes the caller's network from the header X-Forwarded-For.</summary>
    public static Dictionary<string, string?> BelievesThisMachine => new() { ["Proxies:0"] = "127.0.0.1", ["Proxies:1"] = "::1" };

    /// <summary>Signs in; the network counts only with the settings above.</summary>
    public static Task<Actor> SignInWithAsync(this ClienteleApp app, Actor account, string userAgent, string network = "198.51.100.1") =>
        app.SignInAsync(account.Username, account.Password, account.Id, account.Email, ("User-Agent", userAgent), ("X-Forwarded-For", network));

    /// <summary>The caller's sessions, the one that was used last first.</summary>
    public static async Task<IReadOnlyList<JsonNode>> SessionsAsync(this Actor caller) =>
        [.. (await caller.Get("/api/auth/sessions/")).Expect(200).Json.AsArray().Select(session => session!)];

    /// <summary>The session that the caller's access token belongs to.</summary>
    public static async Task<JsonNode> SessionAsync(this Actor caller) => (await caller.SessionsAsync()).Single(session => (bool)session["current"]!);
}
