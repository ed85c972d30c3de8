using System.Text.RegularExpressions;

namespace Clientele.Tests.Operations;

/// <summary>A page of metrics in Prometheus's text format.</summary>
internal sealed partial record MetricsPage(string Text)
{
    /// <summary>The names of all samples, such as <c>http_server_request_duration_seconds_bucket</c>.</summary>
    public IReadOnlySet<string> Names => Sample().Matches(Text).Select(sample => sample.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The names of metrics in an expression of PromQL.</summary>
    public static IEnumerable<string> NamesIn(string expression) => Selected().Matches(expression).Select(match => match.Groups["name"].Value);

    /// <summary>Scrapes as Prometheus does.</summary>
    public static async Task<MetricsPage> ScrapeAsync(HttpClient http, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = new("Bearer", token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode}: {text}");
        return new(text);
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{|\s)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    /// <summary>In our files, every metric has a selector in braces.</summary>
    [GeneratedRegex(@"(?<name>[a-z_][a-z0-9_]*)\{", RegexOptions.ExplicitCapture)]
    private static partial Regex Selected();
}
