using System.Text;
using System.Text.Json;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>A session has the short name of its client, whatever the client says about itself.</summary>
public sealed class NamingClients(ClienteleApp app)
{
    private const string Webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";

    [Theory]
    [InlineData(SignIns.FirefoxOnLinux, "Firefox on Linux")]
    [InlineData(SignIns.SafariOnIPhone, "Safari on iPhone")]
    [InlineData($"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {Webkit} Chrome/138.0.0.0 Safari/537.36", "Chrome on Windows")]
    [InlineData($"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {Webkit} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0", "Edge on Windows")]
    [InlineData($"Mozilla/5.0 (Linux; Android 15; SM-S931B) {Webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android")]
    [InlineData($"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {Webkit} Chrome/138.0.0.0 Safari/537.36", "Chrome on ChromeOS")]
    [InlineData($"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {Webkit} Chrome/138.0.0.0 Safari/537.36 OPR/120.0.0.0", "Opera on macOS")]
    [InlineData($"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) {Webkit} CriOS/138.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPad")]
    [InlineData("Mozilla/5.0 (Nothing known)", "Browser")]
    [InlineData("ShopApp/3.1 (iPhone; iOS 18.5)", "ShopApp on iPhone")]
    [InlineData("okhttp/4.12.0", "okhttp")]
    [InlineData("python-requests/2.32.4", "python-requests")]
    [InlineData("evil.example visit now", "evil")]
    [InlineData("<b>bold</b>", "Unknown client")]
    [InlineData("12345", "Unknown client")]
    [InlineData("{{ password }}", "Unknown client")]
    public async Task A_client_is_known_by_its_program_and_system(string userAgent, string name)
    {
        var customer = await app.CustomerAsync();

        var signedIn = await app.SignInWithAsync(customer, userAgent);

        Assert.Equal(name, (string)(await signedIn.SessionAsync())["client"]!);
    }

    [Fact]
    public async Task Hostile_headers_make_no_hostile_names()
    {
        var customer = await app.CustomerAsync();
        string[] hostile =
        [
            new('a', 16_000),
            "Firefox/" + new string('\u0301', 2000),
            "Fire\u0301\u0301\u0301fox/1.0",
            "\u202Egpj.exe",
            "Shop\u200B\u2066App/1.0",
            "App\u0001\u0002\u001B[31m/1.0",
            "App\t\t/1.0",
            "Ａｐｐ/1.0",
            "Приложение/1.0",
            "'; DROP TABLE sessions; --",
            "\uFFFF\uFFFE",
        ];
        var taken = 0;
        foreach (var header in hostile)
        {
            var answer = await SignInAsync(customer, header);
            Assert.Matches("^HTTP/1.1 (200|400|431) ", answer);
            taken += answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? 1 : 0;
        }

        var sessions = await customer.SessionsAsync();

        Assert.Equal(taken + 1, sessions.Count);
        Assert.InRange(taken, 5, hostile.Length);
        Assert.All(sessions, session => Assert.Matches("^[A-Za-z0-9_-][A-Za-z0-9_ -]{0,49}$", (string)session["client"]!));
    }

    /// <summary>Sends the header as UTF-8, which no proper client does.</summary>
    private Task<string> SignInAsync(Actor customer, string userAgent)
    {
        var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { username = customer.Username, password = customer.Password }));
        string[] head =
        [
            "POST /api/auth/token/ HTTP/1.1",
            "Content-Type: application/json",
            $"Content-Length: {body.Length}",
            $"User-Agent: {Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(userAgent))}",
        ];
        return RawHttp.SendAsync(app.Address, head, stream => stream.WriteAsync(body).AsTask());
    }
}
