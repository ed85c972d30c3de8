using System.Net;
using System.Text.Json;

namespace Clientele.Tests.Support;

/// <summary>Checks every response in all tests against the rules for all responses, and fails the test if one breaks them.</summary>
internal sealed class AnswerRules(HttpMessageHandler connections, bool isShared) : DelegatingHandler(connections)
{
    private static readonly string[] ProblemMembers = ["type", "title", "status", "detail", "trace_id"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (IsOfTheServerItself(response))
        {
            return response;
        }

        if (await ComplaintAsync(request, response, cancellationToken) is { } complaint)
        {
            Assert.Fail($"{request.Method} {request.RequestUri!.PathAndQuery} → {(int)response.StatusCode}: {complaint}");
        }

        if (isShared && await MakesASegmentAsync(request, response, cancellationToken))
        {
            Assert.Fail("A segment takes in the customers of all tests: make it in an app of the class's own, an OwnApp.");
        }

        return response;
    }

    private static async Task<bool> MakesASegmentAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken) =>
        request.Method != HttpMethod.Get && response.IsSuccessStatusCode
        && request.RequestUri!.AbsolutePath.StartsWith("/api/customers/groups/", StringComparison.Ordinal)
        && (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("\"auto_assign\":true", StringComparison.Ordinal);

    /// <summary>Requests that Kestrel cannot read are refused by Kestrel itself, with a short response without a body.</summary>
    private static bool IsOfTheServerItself(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestUriTooLong or HttpStatusCode.RequestHeaderFieldsTooLarge
        && response.Content.Headers.ContentLength == 0 && response.Headers.ConnectionClose == true;

    private static async Task<string?> ComplaintAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        if (headers.GetValueOrDefault("X-Content-Type-Options") != "nosniff"
            || headers.GetValueOrDefault("Referrer-Policy") != "no-referrer"
            || headers.GetValueOrDefault("Content-Security-Policy")?.StartsWith("default-src 'none'", StringComparison.Ordinal) != true
            || !headers.TryGetValue("Cache-Control", out var caching))
        {
            return $"a security header is missing or has another value: {string.Join("; ", headers)}";
        }

        if (headers.ContainsKey("Server") || headers.ContainsKey("X-Powered-By"))
        {
            return "the answer names the software that made it.";
        }

        if ((int)response.StatusCode < 400)
        {
            return null;
        }

        if (!caching.Contains("no-store", StringComparison.Ordinal) || headers.ContainsKey("ETag"))
        {
            return $"an error may be stored: {caching}";
        }

        return request.Method == HttpMethod.Head ? null : ProblemComplaint(response, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private static string? ProblemComplaint(HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return $"an error that is no problem but {response.Content.Headers.ContentType}: {text}";
        }

        using var problem = JsonDocument.Parse(text);
        foreach (var member in ProblemMembers)
        {
            if (!problem.RootElement.TryGetProperty(member, out var value) || value.ToString().Length == 0)
            {
                return $"a problem without {member}: {text}";
            }
        }

        return problem.RootElement.GetProperty("status").GetInt32() == (int)response.StatusCode
            ? null
            : $"a problem with another status than its answer: {text}";
    }
}
