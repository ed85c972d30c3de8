using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Clientele.Tests.Guides;

/// <summary>The mobile app of docs/guides/signing-in.md: it renews its tokens over a network that loses responses.</summary>
internal sealed class MobileSession(HttpClient http, Func<string, Task> storeRefreshToken)
{
    private static readonly TimeSpan RetryWindow = TimeSpan.FromSeconds(10);

    /// <summary>Returns a new pair, or null if the session has ended and the customer must sign in again.</summary>
    public async Task<TokenPair?> RenewAsync(string refresh)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var pause = TimeSpan.FromMilliseconds(250 << attempt);
            try
            {
                using var response = await http.PostAsJsonAsync("/api/auth/token/refresh/", new { refresh });
                if (response.StatusCode == HttpStatusCode.Unauthorized)
                {
                    return null;
                }

                response.EnsureSuccessStatusCode();
                var pair = await response.Content.ReadFromJsonAsync<TokenPair>();
                await storeRefreshToken(pair!.Refresh);
                return pair;
            }
            catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException
                && Stopwatch.GetElapsedTime(begun) + pause < RetryWindow)
            {
                await Task.Delay(pause);
            }
        }
    }

    internal sealed record TokenPair(string Access, string Refresh);
}
