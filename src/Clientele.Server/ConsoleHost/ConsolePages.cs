using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Clientele.Server.ConsoleHost;

/// <summary>Serves the files of the console, and its one page for all addresses below /console/.</summary>
internal static partial class ConsolePages
{
    public static void Map(WebApplication app)
    {
        var page = Path.Combine(ConsoleModule.Folder, "index.html");
        if (!File.Exists(page))
        {
            return;
        }

        var html = File.ReadAllBytes(page);
        var policy = Policy(Encoding.UTF8.GetString(html));
        var console = app.MapGroup("/console");
        console.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "console.endpoints.json"));
        console.MapGet("/{**path:nonfile}", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = policy;
            return TypedResults.Bytes(html, "text/html; charset=utf-8");
        }).ExcludeFromDescription();
    }

    /// <summary>Scripts come from here only; the one inline script, the import map, by its hash. The component library sets inline styles.</summary>
    private static string Policy(string html)
    {
        var hashes = InlineScript().Matches(html)
            .Select(script => $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.Groups[1].Value)))}'");
        return $"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{string.Concat(hashes)}; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
    }

    [GeneratedRegex("<script(?![^>]*\\bsrc=)[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex InlineScript();
}
