using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp;

/// <summary>
/// The session of this browser. The service keeps its refresh token in a cookie that no script can read; the access token is in memory only, so a page
/// that is loaded again asks for a new one.
/// </summary>
internal sealed class ConsoleSession(HttpClient http)
{
    private const string Header = "X-Clientele-Console";

    /// <summary>Raised with what the client now has: null once the session has ended.</summary>
    public event Action<TokenPair?>? Changed;

    public Task<TokenPair> SignInAsync(string username, string password) =>
        BeginAsync("", new() { ["username"] = username, ["password"] = password });

    public Task<TokenPair> SignInWithFactorAsync(string challenge, string code) =>
        BeginAsync("factor/", new() { ["challenge"] = challenge, ["code"] = code });

    public Task<TokenPair> SignInWithFactorAsync(string challenge, PasskeyAssertion assertion) =>
        BeginAsync("factor/", new() { ["challenge"] = challenge, ["assertion"] = Json(assertion) });

    public Task<TokenPair> SignInWithPasskeyAsync(PasskeyAssertion assertion) => BeginAsync("passkey/", new() { ["credential"] = Json(assertion) });

    /// <summary>The tokens of the session that this browser has; null if it has none.</summary>
    public async Task<TokenPair?> ResumeAsync()
    {
        try
        {
            return await RenewAsync().ConfigureAwait(true);
        }
        catch (ClienteleException refused) when (refused.Status == HttpStatusCode.Unauthorized)
        {
            return null;
        }
    }

    /// <summary>The next tokens; null if the session has ended, or if somebody else has signed in with another tab.</summary>
    public async Task<TokenPair?> RenewAsync(TokenPair old) =>
        await RenewAsync().ConfigureAwait(true) is { } next && SubjectOf(next) == SubjectOf(old) ? next : null;

    /// <summary>Ends the session, on the service and in this browser.</summary>
    public async Task EndAsync()
    {
        using var nothing = await SendAsync(HttpMethod.Delete, "").ConfigureAwait(true);
    }

    /// <summary>Whether there is anybody who can sign in.</summary>
    public async Task<bool> HasAdminAsync()
    {
        using var state = await SendAsync(HttpMethod.Get, "").ConfigureAwait(true);
        return state!.RootElement.GetProperty("has_admin").GetBoolean();
    }

    public Task TellAsync(TokenPair? tokens)
    {
        Changed?.Invoke(tokens);
        return Task.CompletedTask;
    }

    private async Task<TokenPair> BeginAsync(string path, JsonObject credentials)
    {
        var asked = TimeProvider.System.GetUtcNow();
        using var answer = await SendAsync(HttpMethod.Post, path, credentials).ConfigureAwait(true);
        return Pair(answer!, asked);
    }

    private async Task<TokenPair?> RenewAsync()
    {
        var asked = TimeProvider.System.GetUtcNow();
        using var answer = await TwiceAsync(() => SendAsync(HttpMethod.Post, "renew/")).ConfigureAwait(true);
        return answer is null ? null : Pair(answer, asked);
    }

    /// <summary>If a response is lost, the service gives the same token again for ten seconds.</summary>
    private static async Task<JsonDocument?> TwiceAsync(Func<Task<JsonDocument?>> askAsync)
    {
        try
        {
            return await askAsync().ConfigureAwait(true);
        }
        catch (HttpRequestException)
        {
            return await askAsync().ConfigureAwait(true);
        }
    }

    private async Task<JsonDocument?> SendAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"console/session/{path}", UriKind.Relative));
        request.Headers.Add(Header, "1");
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await AnswerAsync(request).ConfigureAwait(true);
        if (!response.IsSuccessStatusCode)
        {
            throw await ClienteleException.OfAsync(response).ConfigureAwait(true);
        }

        return response.StatusCode == HttpStatusCode.NoContent
            ? null
            : JsonDocument.Parse(await response.Content.ReadAsStringAsync().ConfigureAwait(true));
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request)
    {
        try
        {
            return await http.SendAsync(request).ConfigureAwait(true);
        }
        catch (OperationCanceledException timeout)
        {
            throw new HttpRequestException("The service did not respond in time.", timeout);
        }
    }

    private static TokenPair Pair(JsonDocument answer, DateTimeOffset asked) => new()
    {
        Access = answer.RootElement.GetProperty("access").GetString()!,
        ExpiresAt = asked.AddSeconds(answer.RootElement.GetProperty("expires_in").GetInt32()),
    };

    /// <summary>Whose token it is, according to its middle part.</summary>
    private static string? SubjectOf(TokenPair tokens)
    {
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(tokens.Access.Split('.')[1]));
        return claims.RootElement.GetProperty("sub").GetString();
    }

    private static JsonNode? Json(PasskeyAssertion assertion) => JsonNode.Parse(JsonSerializer.Serialize(assertion, PasskeyWire.Default.PasskeyAssertion));
}
