using System.Text.RegularExpressions;
using Clientele.Tests.Support;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The page and the files of the console, as browsers get and keep them.</summary>
[Trait("Database", "Any")]
public sealed partial class ServingTheConsole(ClienteleApp app)
{
    private static readonly (string Name, string Value) Brotli = ("Accept-Encoding", "gzip, deflate, br");

    [Fact]
    public async Task The_address_of_the_service_leads_to_the_console() =>
        Assert.Equal("/console/", (await app.Stranger.Get("/")).Expect(302).Headers["Location"]);

    [Theory]
    [InlineData("/console")]
    [InlineData("/console/")]
    [InlineData("/console/index.html")]
    [InlineData("/console/customers/5/orders")]
    public async Task Every_page_is_the_same_html(string path)
    {
        var page = (await app.Stranger.Get("/console/")).Expect(200);

        var other = (await app.Stranger.Get(path)).Expect(200);

        Assert.Equal((page.Text, page.ETag), (other.Text, other.ETag));
        Assert.Equal("text/html; charset=utf-8", other.Headers["Content-Type"]);
        Assert.Equal("no-cache", other.Headers["Cache-Control"]);
        (await app.Stranger.Get(path, ("If-None-Match", page.ETag))).Expect(304);
    }

    [Fact]
    public async Task The_page_runs_its_own_scripts_only()
    {
        var policy = (await app.Stranger.Get("/console/")).Expect(200).Headers["Content-Security-Policy"];

        var scripts = policy.Split("; ").Single(part => part.StartsWith("script-src", StringComparison.Ordinal));
        Assert.Matches("^script-src 'self' 'wasm-unsafe-eval' 'sha256-[^']+'$", scripts);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_whose_name_has_a_content_hash_are_compressed_and_never_asked_for_again()
    {
        var page = (await app.Stranger.Get("/console/")).Expect(200);
        var files = Reference().Matches(page.Text).Select(match => match.Groups[1].Value).ToList();
        Assert.True(files.Count >= 5, page.Text);

        foreach (var file in files)
        {
            var (plain, compressed) = (await GetAsync(file), await GetAsync(file, Brotli));
            Assert.Equal("max-age=31536000, immutable", Sorted(plain.Headers["Cache-Control"]));
            Assert.Equal("max-age=31536000, immutable", Sorted(compressed.Headers["Cache-Control"]));
            Assert.Equal("br", compressed.Headers["Content-Encoding"]);
            Assert.False(plain.Headers.ContainsKey("Content-Encoding"), file);
            Assert.Contains("Accept-Encoding", plain.Headers["Vary"], StringComparison.Ordinal);
            Assert.Equal("nosniff", compressed.Headers["X-Content-Type-Options"]);
        }
    }

    [Fact]
    public async Task Files_whose_name_stays_are_asked_for_again()
    {
        var file = await GetAsync("js/passkeys.js");

        Assert.DoesNotContain("immutable", file.Headers["Cache-Control"], StringComparison.Ordinal);
        (await app.Stranger.Get("/console/js/passkeys.js", ("If-None-Match", file.ETag))).Expect(304);
    }

    [Theory]
    [InlineData("/console/_framework/nothing.wasm")]
    [InlineData("/console/_framework/nothing")]
    [InlineData("/console/_content/nothing.css")]
    [InlineData("/console/nothing.js")]
    public async Task A_file_that_does_not_exist_is_not_a_page(string path) => (await app.Stranger.Get(path)).ExpectProblem(404);

    [Fact]
    public async Task Under_a_public_address_with_a_path_everything_is_below_that_path()
    {
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Settings = new() { ["PublicUrl"] = "https://shop.example/accounts", ["AllowedHosts"] = "*" },
        });

        Assert.Equal("/accounts/console/", (await own.Stranger.Get("/accounts/")).Expect(302).Headers["Location"]);
        Assert.Contains("<base href=\"/accounts/console/\">", (await own.Stranger.Get("/accounts/console/")).Expect(200).Text, StringComparison.Ordinal);
        (await own.Stranger.Get("/accounts/console/favicon.svg")).Expect(200);
    }

    [Fact]
    public async Task Turned_off_there_is_no_console()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Console:Enabled"] = "false" } });

        (await own.Stranger.Get("/console/")).ExpectProblem(404);
        (await own.Stranger.Get("/console/favicon.svg")).ExpectProblem(404);
        (await own.Stranger.Get(ConsoleCalls.Session, ConsoleCalls.FromConsole)).ExpectProblem(404);
        Assert.Contains("/api/docs/", (await own.Stranger.Get("/")).Expect(200).Text, StringComparison.Ordinal);
    }

    private async Task<Answer> GetAsync(string file, params (string Name, string Value)[] headers) =>
        (await app.Stranger.Get($"/console/{file}", headers)).Expect(200);

    private static string Sorted(string caching) => string.Join(", ", caching.Split(", ").OrderDescending(StringComparer.Ordinal));

    [GeneratedRegex("(?:src|href)=\"((?:mudblazor|_framework|app|js|Clientele)[^\"]*)\"")]
    private static partial Regex Reference();
}
