using System.Globalization;
using Clientele.Client;

namespace Clientele.ConsoleApp.Shared;

/// <summary>Calls that failed: <c>catch (Exception failure) when (Failures.Is(failure))</c>.</summary>
internal static class Failures
{
    /// <summary>Whether a call failed because of the service, the way to it, or a passkey. Other exceptions are bugs of the console.</summary>
    public static bool Is(Exception failure) => failure is ClienteleException or HttpRequestException or PasskeyException;

    /// <summary>What to tell the person.</summary>
    public static string Text(Exception failure) => failure switch
    {
        ClienteleException { Code: "rate_limited", RetryAfter: { } wait } refused =>
            string.Create(CultureInfo.CurrentCulture, $"{refused.Message} Try again in {Math.Ceiling(wait.TotalSeconds):N0} s."),
        ClienteleException or PasskeyException => failure.Message,
        _ => "The service cannot be reached. What you have typed is still here.",
    };
}
