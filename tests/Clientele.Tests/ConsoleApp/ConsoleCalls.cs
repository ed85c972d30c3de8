using Clientele.Tests.Support;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The calls with which a console signs in, and the cookie that a browser keeps between them.</summary>
internal static class ConsoleCalls
{
    public const string Session = "/console/session/";
    public const string Factor = "/console/session/factor/";
    public const string Passkey = "/console/session/passkey/";
    public const string Renewal = "/console/session/renew/";

    public static readonly (string Name, string Value) FromConsole = ("X-Clientele-Console", "1");

    /// <summary>Signs in with a password.</summary>
    public static Task<Answer> BeginAsync(this ClienteleApp app, Actor who) =>
        app.Stranger.Post(Session, new { username = who.Username, password = who.Password }, FromConsole);

    /// <summary>Asks for the next access token.</summary>
    public static Task<Answer> RenewAsync(this ClienteleApp app, string cookie) => app.Stranger.Post(Renewal, null, FromConsole, ("Cookie", cookie));

    /// <summary>The cookie of a response, as a browser sends it back.</summary>
    public static string Cookie(this Answer answer) => answer.Headers["Set-Cookie"].Split(';')[0];
}
