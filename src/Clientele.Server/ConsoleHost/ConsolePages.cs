namespace Clientele.Server.ConsoleHost;

/// <summary>The addresses of the console's pages. Addresses of files are not among them: those exist, or get a 404.</summary>
internal static class ConsolePages
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/", GetStart).WithName(nameof(GetStart)).For(Who.Public).ExcludeFromDescription();
        api.MapGet($"{ConsoleModule.Path}/{{**page:nonfile}}", GetConsole).WithName(nameof(GetConsole)).For(Who.Public).ExcludeFromDescription();
    }

    /// <summary>Who opens the address of the service gets to the console.</summary>
    internal static RedirectHttpResult GetStart() => TypedResults.LocalRedirect($"~{ConsoleModule.Path}/");

    /// <summary>The program shows what is at the address. The names of folders of files begin with an underscore.</summary>
    internal static Results<FileContentHttpResult, Problem> GetConsole(string? page, HttpContext context, ConsolePage html) =>
        page?.StartsWith('_') is true ? Problems.NotFound() : html.Send(context);
}
