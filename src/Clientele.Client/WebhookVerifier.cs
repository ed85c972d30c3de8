using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>
/// Verifies the requests of a webhook by Standard Webhooks (version 1): they come from the service, were not changed on the way, and are not old ones that
/// somebody has recorded. It can be shared by all requests.
/// </summary>
/// <example>
/// <code>
/// var verifier = new WebhookVerifier(Environment.GetEnvironmentVariable("WEBHOOK_SECRET")!);
///
/// app.MapPost("/webhooks/clientele", async (HttpRequest request) =&gt;
/// {
///     using var body = new MemoryStream();
///     await request.Body.CopyToAsync(body);
///     if (!verifier.TryVerify(request.Headers["webhook-id"], request.Headers["webhook-timestamp"], request.Headers["webhook-signature"],
///         body.ToArray(), out var happened))
///     {
///         return Results.StatusCode(400);
///     }
///
///     Console.WriteLine($"{happened.Type} {happened.Subject}");
///     return Results.NoContent();
/// });
/// </code>
/// </example>
public sealed class WebhookVerifier
{
    /// <summary>The type of the event that <see cref="WebhooksClient.TestAsync"/> sends. It is about no customer: <c>customer</c> is 0.</summary>
    public const string TestType = "webhook.test";

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    private readonly byte[][] _secrets;
    private readonly TimeProvider _clock;

    /// <summary>Creates a verifier.</summary>
    /// <param name="secrets">The secret of the webhook; while it is rotated, the old and the new one.</param>
    /// <exception cref="ArgumentException">There is no secret, or one is not <c>whsec_</c> and Base64.</exception>
    public WebhookVerifier(params string[] secrets)
        : this(TimeProvider.System, secrets)
    {
    }

    /// <summary>Creates a verifier with a clock, for tests.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="secrets">The secret of the webhook; while it is rotated, the old and the new one.</param>
    /// <exception cref="ArgumentException">There is no secret, or one is not <c>whsec_</c> and Base64.</exception>
    public WebhookVerifier(TimeProvider clock, params string[] secrets)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentOutOfRangeException.ThrowIfZero(secrets.Length, nameof(secrets));
        (_clock, _secrets) = (clock, Array.ConvertAll(secrets, KeyOf));
    }

    /// <summary>How much the timestamp may differ from the clock: five minutes by default. Older requests may be recorded ones.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Verifies a request and returns its event.</summary>
    /// <param name="id">The header <c>webhook-id</c>. Remember it: an event that comes twice has the same one.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signature">The header <c>webhook-signature</c>.</param>
    /// <param name="body">The body, byte by byte as it was received.</param>
    /// <exception cref="WebhookVerificationException">The request must not be trusted. Respond with 400.</exception>
    /// <exception cref="JsonException">The request is signed, but it is not an event.</exception>
    public CustomerEvent Verify(string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body)
    {
        VerifySignature(id, timestamp, signature, body);
        return JsonSerializer.Deserialize(body, WireJson.Default.CustomerEvent) ?? throw new JsonException("The body is null.");
    }

    /// <summary>Verifies a request. Returns false if it must not be trusted.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signature">The header <c>webhook-signature</c>.</param>
    /// <param name="body">The body, byte by byte as it was received.</param>
    /// <param name="happened">The event.</param>
    /// <exception cref="JsonException">The request is signed, but it is not an event.</exception>
    public bool TryVerify(
        string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body, [NotNullWhen(true)] out CustomerEvent? happened)
    {
        try
        {
            happened = Verify(id, timestamp, signature, body);
            return true;
        }
        catch (WebhookVerificationException)
        {
            happened = null;
            return false;
        }
    }

    /// <summary>Verifies a request without reading its body.</summary>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signature">The header <c>webhook-signature</c>: one or several signatures, separated by blanks.</param>
    /// <param name="body">The body, byte by byte as it was received.</param>
    /// <exception cref="WebhookVerificationException">The request must not be trusted.</exception>
    public void VerifySignature(string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signature))
        {
            throw new WebhookVerificationException("The headers webhook-id, webhook-timestamp and webhook-signature are needed.");
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(_clock.GetUtcNow().ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
        {
            throw new WebhookVerificationException("The webhook-timestamp is too far from now.");
        }

        var isSigned = false;
        foreach (var secret in _secrets)
        {
            var expected = Sign(secret, id, timestamp, body);
            foreach (var given in signature.Split(' ').Where(given => given.StartsWith(Version, StringComparison.Ordinal)))
            {
                isSigned |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
            }
        }

        if (!isSigned)
        {
            throw new WebhookVerificationException("No webhook-signature is one of the secret.");
        }
    }

    /// <summary>Signs a request as the service does, for tests of a receiver.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="id">The value for the header <c>webhook-id</c>.</param>
    /// <param name="at">The instant for the header <c>webhook-timestamp</c>, which has whole seconds since 1970.</param>
    /// <param name="body">The body.</param>
    /// <returns>The value for the header <c>webhook-signature</c>.</returns>
    /// <exception cref="ArgumentException">The secret is not <c>whsec_</c> and Base64.</exception>
    public static string Sign(string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body) =>
        Sign(KeyOf(secret), id, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body);

    private static string Sign(byte[] secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return Version + Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static byte[] KeyOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var text = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret;
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length > 0
            ? key[..length]
            : throw new ArgumentException("A secret is whsec_ and Base64.", nameof(secret));
    }
}

/// <summary>A request is not one of the webhook, or was changed, or is too old. The message says which, and nothing of the request.</summary>
public sealed class WebhookVerificationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public WebhookVerificationException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Why the request must not be trusted.</param>
    public WebhookVerificationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">Why the request must not be trusted.</param>
    /// <param name="innerException">The cause.</param>
    public WebhookVerificationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
