namespace Clientele.Server.ConsoleHost;

/// <summary>
/// The refresh token of a console, in a cookie that no script can read and that browsers send to the console's session calls only, from its own pages
/// only. It ends with the browser.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "clientele-console";

    public static string? Read(HttpContext context) => context.Request.Cookies[Name] is { Length: > 0 } token ? token : null;

    public static void Keep(HttpContext context, string refreshToken) => context.Response.Cookies.Append(Name, refreshToken, Options(context.Request));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context.Request));

    private static CookieOptions Options(HttpRequest request) => new()
    {
        HttpOnly = true,

        // Browsers send secure cookies to their own machine without encryption, too. At other plain addresses they would refuse the cookie.
        Secure = request.IsHttps || request.Host.Host is "localhost" or "127.0.0.1" or "[::1]",
        SameSite = SameSiteMode.Strict,
        Path = request.PathBase + SessionEndpoints.Path,
    };
}
