using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;

namespace Clientele.Server.ConsoleHost;

/// <summary>The one page of the console, which its program fills: the same for all addresses.</summary>
internal sealed partial class ConsolePage
{
    public const string FileName = "index.html";
    private const string Base = "<base href=\"/console/\">";

    private readonly byte[] _html;
    private readonly EntityTagHeaderValue _tag;
    private readonly string _policy;

    public ConsolePage(IOptions<ServerSettings> server)
    {
        var folder = HtmlEncoder.Default.Encode($"{server.Value.PathBase}{ConsoleModule.Path}/");
        var html = File.ReadAllText(Path.Combine(ConsoleModule.Folder, FileName)).Replace(Base, $"<base href=\"{folder}\">", StringComparison.Ordinal);
        html = WithHashes(html, File.ReadAllBytes(ConsoleFiles.Manifest));
        _html = Encoding.UTF8.GetBytes(html);
        _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(_html)[..16])}\"");
        _policy = Policy(html);
    }

    /// <summary>Browsers ask each time whether the page has changed: it names the files of the current release.</summary>
    public FileContentHttpResult Send(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = _policy;
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(_html, "text/html; charset=utf-8", entityTag: _tag);
    }

    /// <summary>Names files with the hash of their content, so that browsers can keep them. The manifest has both names of each file.</summary>
    private static string WithHashes(string html, byte[] manifest)
    {
        using var files = JsonDocument.Parse(manifest);
        foreach (var file in files.RootElement.GetProperty("Endpoints").EnumerateArray())
        {
            var hashed = file.GetProperty("Route").GetString();
            foreach (var property in file.GetProperty("EndpointProperties").EnumerateArray())
            {
                if (property.GetProperty("Name").ValueEquals("label"))
                {
                    html = html.Replace($"=\"{property.GetProperty("Value").GetString()}\"", $"=\"{hashed}\"", StringComparison.Ordinal);
                }
            }
        }

        return html;
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
