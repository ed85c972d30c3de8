namespace Clientele.Server.ConsoleHost;

/// <summary>
/// The refresh token of a console, in a cookie that no script can read and that browsers send to the console's session calls only, from its own pages
/// only. It ends with the browser.
/// </summary>
internal static class SessionCookie
{
    private const string Name = "clientele-console";

    /// <summary>Browsers keep a cookie with this prefix only from HTTPS.</summary>
    private const string SecurePrefix = "__Secure-";

    public static string? Read(HttpContext context) => context.Request.Cookies[NameFor(context.Request)] is { Length: > 0 } token ? token : null;

    public static void Keep(HttpContext context, string refreshToken) =>
        context.Response.Cookies.Append(NameFor(context.Request), refreshToken, OptionsFor(context.Request));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), OptionsFor(context.Request));

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecurePrefix + Name : Name;

    private static CookieOptions OptionsFor(HttpRequest request) => new()
    {
        HttpOnly = true,

        // Browsers send secure cookies to their own machine without encryption, too. At other plain addresses they would refuse the cookie.
        Secure = request.IsHttps || request.Host.Host is "localhost" or "127.0.0.1" or "[::1]",
        SameSite = SameSiteMode.Strict,
        Path = request.PathBase + SessionEndpoints.Path,
    };
}
