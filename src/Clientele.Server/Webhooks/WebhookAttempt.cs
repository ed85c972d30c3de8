namespace Clientele.Server.Webhooks;

/// <summary>What has become of one attempt to send something to a receiver.</summary>
/// <param name="StatusCode">The status code of the answer; null if there was none.</param>
/// <param name="LatencyMs">How long it took.</param>
/// <param name="Answer">The beginning of the answer.</param>
/// <param name="Error">Why it failed, without anything of the event; null if it did not.</param>
internal sealed record WebhookAttempt(int? StatusCode, int LatencyMs, string? Answer, string? Error)
{
    public bool IsAccepted => Error is null;

    /// <summary>How long the receiver has asked to wait, with the header <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The receiver will never accept anything again.</summary>
    public bool IsGone => StatusCode == StatusCodes.Status410Gone;
}
