using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>
/// A caller who sends raw JSON to the service: a stranger, a customer or an admin. If the service asks for a step-up, the actor steps up with the
/// password and sends the request again.
/// </summary>
public sealed class Actor(HttpClient http)
{
    private const string StepUpRequired = "urn:clientele:problem:step_up_required";
    private readonly Lock _lock = new();

    /// <summary>The stepped-up token, which is sent until the service refuses it; empty without one.</summary>
    private volatile string _steppedUp = "";
    private Task<string>? _steppingUp;

    /// <summary>Unused recovery codes: with a passkey, the password is not enough to step up.</summary>
    private readonly Queue<string> _recoveryCodes = new();

    public HttpClient Http => http;

    /// <summary>Whether the actor steps up by itself. False for tests about step-ups.</summary>
    public bool StepsUp { get; init; } = true;

    public long Id { get; init; }

    public string Username { get; init; } = "";

    public string Email { get; init; } = "";

    public string Password { get; init; } = "";

    public string Access { get; init; } = "";

    public string Refresh { get; init; } = "";

    /// <summary>The id in an API key.</summary>
    public string KeyId => Access.Split('_')[1];

    public string Url => $"/api/customers/customers/{Id}/";

    public Task<Answer> Get(string url, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, url, null, headers);

    public Task<Answer> Post(string url, object? body = null, params (string Name, string Value)[] headers) => Send(HttpMethod.Post, url, body, headers);

    public Task<Answer> Put(string url, object? body, params (string Name, string Value)[] headers) => Send(HttpMethod.Put, url, body, headers);

    public Task<Answer> Patch(string url, object? body, params (string Name, string Value)[] headers) => Send(HttpMethod.Patch, url, body, headers);

    public Task<Answer> Delete(string url, params (string Name, string Value)[] headers) => Send(HttpMethod.Delete, url, null, headers);

    /// <summary>Sends a body as JSON; a string is sent as it is.</summary>
    public Task<Answer> Send(HttpMethod method, string url, object? body, params (string Name, string Value)[] headers) =>
        SendContent(
            method,
            url,
            body is null ? null : new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            headers);

    /// <summary>Sends any content.</summary>
    public async Task<Answer> SendContent(HttpMethod method, string url, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var token = _steppedUp is { Length: > 0 } steppedUp ? steppedUp : Access;
        var answer = await SendAsync(method, url, content, token, headers);
        if (token != Access && answer.Status == HttpStatusCode.Unauthorized)
        {
            Forget(token);
            answer = await SendAsync(method, url, content, Access, headers);
        }

        if (StepsUp && Password.Length > 0 && answer.Status == HttpStatusCode.Forbidden
            && answer.Text.Contains(StepUpRequired, StringComparison.Ordinal)
            && await TryStepUpAsync() is { Length: > 0 } confirmed)
        {
            answer = await SendAsync(method, url, content, confirmed, headers);
        }

        content?.Dispose();
        return answer;
    }

    /// <summary>Keeps recovery codes, to step up with.</summary>
    public void Keep(IEnumerable<string> recoveryCodes)
    {
        lock (_lock)
        {
            foreach (var code in recoveryCodes)
            {
                _recoveryCodes.Enqueue(code);
            }
        }
    }

    /// <summary>Steps up with the password or a recovery code, so that no later request has to.</summary>
    public async Task<Actor> StepUpAsync()
    {
        Assert.NotEmpty(await TryStepUpAsync());
        return this;
    }

    /// <summary>Of several requests at once, one steps up for all of them.</summary>
    private Task<string> TryStepUpAsync()
    {
        lock (_lock)
        {
            return _steppingUp ??= RequestStepUpAsync();
        }
    }

    private async Task<string> RequestStepUpAsync()
    {
        await Task.Yield();
        object proof = _recoveryCodes.TryDequeue(out var code) ? new { code } : new { password = Password };
        using var body = new StringContent(JsonSerializer.Serialize(proof), Encoding.UTF8, "application/json");
        var answer = await SendAsync(HttpMethod.Post, "/api/auth/step_up/", body, Access, []);
        lock (_lock)
        {
            _steppedUp = answer.Status == HttpStatusCode.OK ? (string)answer["access"]! : "";
            _steppingUp = _steppedUp.Length > 0 ? _steppingUp : null;
            return _steppedUp;
        }
    }

    /// <summary>Does nothing if another request has stepped up again in the meantime.</summary>
    private void Forget(string token)
    {
        lock (_lock)
        {
            (_steppedUp, _steppingUp) = _steppedUp == token ? ("", null) : (_steppedUp, _steppingUp);
        }
    }

    private async Task<Answer> SendAsync(HttpMethod method, string url, HttpContent? content, string token, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        // The content may be sent again.
        request.Content = null;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var values = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, text, values);
    }
}

/// <summary>The service's response.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("The answer is null.");

    public JsonNode this[string member] => Json[member] ?? throw new InvalidOperationException($"{member} is absent or null in {Text}");

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public string ETag => Headers["ETag"];

    /// <summary>The error code, if the response is a problem.</summary>
    public string Code => ((string)this["type"]!).Split(':')[^1];

    /// <summary>Fails and shows the body if the status differs.</summary>
    public Answer Expect(int status)
    {
        Assert.True((int)Status == status, $"Expected {status}, got {(int)Status}: {Text}");
        return this;
    }

    /// <summary>Expects a problem; if a member is given, with a message for it.</summary>
    public Answer ExpectProblem(int status, string? member = null)
    {
        Expect(status);
        Assert.StartsWith("application/problem+json", Headers["Content-Type"], StringComparison.Ordinal);
        Assert.True(member is null || Json["errors"]?[member] is not null, $"No error for {member}: {Text}");
        return this;
    }
}
