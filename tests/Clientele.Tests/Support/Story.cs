using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Clientele.Tests.Support;

/// <summary>
/// A page of documentation as a story. Its <c>http</c> blocks are requests, each followed by its response. A name in braces takes its value where it
/// first appears in a response, and is filled in from then on. An ellipsis stands for anything; an instant matches any other instant. The names
/// <c>totp_code</c> and <c>next_totp_code</c> are codes of an authenticator app with the secret <c>totp_secret</c>.
/// </summary>
public sealed partial class Story(string page, string markdown)
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true };

    public static DirectoryInfo Pages { get; } = new(Path.Combine(AppContext.BaseDirectory, "docs", "api"));

    public string Text => markdown;

    public static Story Of(string page) => new(page, File.ReadAllText(Path.Combine(Pages.FullName, page)));

    /// <summary>Sends the requests in order; fails at the first response that differs from the page.</summary>
    /// <param name="http">The client of the service.</param>
    /// <param name="known">The values of names in braces.</param>
    /// <param name="between">Runs before each request, and may add names whose values follow from earlier responses.</param>
    /// <returns>The number of requests on the page.</returns>
    public async Task<int> TellAsync(HttpClient http, Dictionary<string, string> known, Func<Dictionary<string, string>, Task>? between = null)
    {
        var blocks = HttpBlock().Matches(markdown).Select(match => match.Groups[1].Value).ToList();
        Assert.True(blocks.Count % 2 == 0, $"{page}: a request has no answer, or an answer no request.");
        foreach (var pair in blocks.Chunk(2))
        {
            var (asked, answered) = (Message.Of(pair[0]), Message.Of(pair[1]));
            Assert.False(asked.First.StartsWith("HTTP/", StringComparison.Ordinal), $"{page}: this answer follows no request: {pair[0]}");
            Assert.True(answered.First.StartsWith("HTTP/", StringComparison.Ordinal), $"{page}: no answer follows {asked.First}");
            await (between?.Invoke(known) ?? Task.CompletedTask);
            var (response, text) = await SendAsync(http, asked, known);
            using (response)
            {
                if (Difference(answered, response, text, known) is { } difference)
                {
                    Assert.Fail($"{page}: {asked.First}\n{difference}\nThe answer was {(int)response.StatusCode} {response.Headers}{text}");
                }
            }
        }

        return blocks.Count / 2;
    }

    private static async Task<(HttpResponseMessage Response, string Text)> SendAsync(HttpClient http, Message message, Dictionary<string, string> known)
    {
        var line = Fill(message.First, known).Split(' ');
        using var request = new HttpRequestMessage(new HttpMethod(line[0]), line[1]);
        request.Headers.Host = "localhost:8000";
        if (message.Body.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Fill(message.Body, known)));
        }

        foreach (var (name, value) in message.Headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, Fill(value, known));
            }
        }

        var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string? Difference(Message expected, HttpResponseMessage response, string text, Dictionary<string, string> known)
    {
        if (expected.First.Split(' ')[1] != ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            return $"The page says {expected.First}.";
        }

        foreach (var (name, value) in expected.Headers)
        {
            var actual = response.Headers.Concat(response.Content.Headers).FirstOrDefault(header => header.Key == name).Value;
            if (actual is null || !Same(value, string.Join(", ", actual), known))
            {
                return $"The page says {name}: {value}.";
            }
        }

        if (expected.Body.Length == 0)
        {
            return text.Length == 0 ? null : "The page shows no body.";
        }

        if (response.Content.Headers.ContentType?.MediaType == "text/csv")
        {
            var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd();
            return Same(expected.Body.Trim(), lines, known) ? null : $"The page shows another file than {lines}.";
        }

        var json = OpenEnd().Replace(BareName().Replace(expected.Body, "\"$1\""), "\"…\": null");
        return text.Length == 0 ? "The page shows a body." : Difference("body", JsonNode.Parse(json, documentOptions: Lenient), JsonNode.Parse(text), known);
    }

    private static string? Difference(string path, JsonNode? expected, JsonNode? actual, Dictionary<string, string> known)
    {
        switch (expected, actual)
        {
            case (JsonObject shown, JsonObject got):
                var names = shown.Select(member => member.Key).Where(name => name != "…").ToList();
                var surplus = shown.ContainsKey("…") ? null : got.Select(member => member.Key).Except(names).FirstOrDefault();
                return surplus is not null
                    ? $"The page does not show {path}.{surplus}."
                    : names.Select(name => got.ContainsKey(name) ? Difference($"{path}.{name}", shown[name], got[name], known) : $"There is no {path}.{name}.")
                        .FirstOrDefault(difference => difference is not null);
            case (JsonArray shown, JsonArray got):
                var isOpen = shown is [.., JsonValue last] && last.ToString() == "…";
                return (isOpen ? got.Count < shown.Count : got.Count != shown.Count)
                    ? $"{path} has {got.Count} items, the page shows {shown.Count}."
                    : Enumerable.Range(0, isOpen ? shown.Count - 1 : got.Count)
                        .Select(i => Difference($"{path}[{i}]", shown[i], got[i], known))
                        .FirstOrDefault(difference => difference is not null);
            case (JsonValue shown, JsonValue got) when shown.TryGetValue<string>(out var text) && Wild().IsMatch(text):
                return Same(text, got.ToString(), known) ? null : $"{path} is {got}, the page shows {text}.";
            case (JsonValue shown, JsonValue got) when Instant().IsMatch(shown.ToString()) && Instant().IsMatch(got.ToString()):
                return null;
            default:
                return JsonNode.DeepEquals(expected, actual)
                    ? null
                    : $"{path} is {actual?.ToJsonString() ?? "null"}, the page shows {expected?.ToJsonString() ?? "null"}.";
        }
    }

    /// <summary>Compares a text that may contain names and ellipses, and stores the values of new names.</summary>
    private static bool Same(string expected, string actual, Dictionary<string, string> known)
    {
        var pattern = Regex.Replace(Regex.Escape(Fill(expected, known)).Replace("…", ".+", StringComparison.Ordinal), @"\\\{([a-z0-9_]+)}", "(?<$1>.+)");
        var match = Regex.Match(actual, $"^{pattern}$", RegexOptions.Singleline);
        foreach (var group in match.Groups.Values.Where(group => group.Success && !char.IsAsciiDigit(group.Name[0])))
        {
            known[group.Name] = group.Value;
        }

        return match.Success;
    }

    private static string Fill(string text, Dictionary<string, string> known) =>
        Name().Replace(text, match => match.Groups[1].Value switch
        {
            "totp_code" when known.TryGetValue("totp_secret", out var secret) => Code(secret, later: 0),
            "next_totp_code" when known.TryGetValue("totp_secret", out var secret) => Code(secret, later: 1),
            var name => known.GetValueOrDefault(name, match.Value),
        });

    private static string Code(string secret, int later) => new Authenticator(secret, new FakeClock()).Code(later);

    [GeneratedRegex(@"^```http\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex HttpBlock();

    [GeneratedRegex(@"\{([a-z0-9_]+)\}")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<=[:\[,]\s*)(\{[a-z0-9_]+\})")]
    private static partial Regex BareName();

    [GeneratedRegex(@"^\s*…\s*$", RegexOptions.Multiline)]
    private static partial Regex OpenEnd();

    [GeneratedRegex(@"…|\{[a-z0-9_]+\}")]
    private static partial Regex Wild();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$")]
    private static partial Regex Instant();

    private sealed record Message(string First, IReadOnlyList<(string Name, string Value)> Headers, string Body)
    {
        public static Message Of(string block)
        {
            var parts = block.Split("\n\n", 2);
            var lines = parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return new(
                lines[0],
                [.. lines.Skip(1).Select(line => line.Split(": ", 2)).Select(header => (header[0], header[1]))],
                parts.Length > 1 ? parts[1].Trim() : "");
        }
    }
}
