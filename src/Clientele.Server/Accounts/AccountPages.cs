namespace Clientele.Server.Accounts;

/// <summary>The pages that links in mails lead to, unless a shop has its own (<see cref="LinkSettings"/>).</summary>
internal static class AccountPages
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var pages = api.MapGroup("/account").ExcludeFromDescription();
        pages.MapGet("/verify/", GetVerifyPage).WithName(nameof(GetVerifyPage)).For(Who.Public);
        pages.MapGet("/reset/", GetResetPage).WithName(nameof(GetResetPage)).For(Who.Public);
        pages.MapGet("/undo/", GetUndoPage).WithName(nameof(GetUndoPage)).For(Who.Public);
        pages.MapGet("/account.js", GetAccountScript).WithName(nameof(GetAccountScript)).For(Who.Public);
    }

    internal static FileStreamHttpResult GetVerifyPage(HttpContext context) => Html(context);

    internal static FileStreamHttpResult GetResetPage(HttpContext context) => Html(context);

    internal static FileStreamHttpResult GetUndoPage(HttpContext context) => Html(context);

    internal static FileStreamHttpResult GetAccountScript() => TypedResults.Stream(File("account.js"), "text/javascript; charset=utf-8");

    private static FileStreamHttpResult Html(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Headers.PagePolicy;
        return TypedResults.Stream(File("account.html"), "text/html; charset=utf-8");
    }

    private static Stream File(string name) => typeof(AccountPages).Assembly.GetManifestResourceStream(name)!;
}
