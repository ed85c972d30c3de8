using static System.FormattableString;

namespace Clientele.Client;

/// <summary>Tiers and points.</summary>
public sealed class LoyaltyClient
{
    private readonly Connection _connection;

    internal LoyaltyClient(Connection connection) => _connection = connection;

    /// <summary>Recalculates a customer's tier from what they have spent, and lifts a lock. For admins.</summary>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<UpdateLoyaltyTierResponse> RecalculateTierAsync(long customerId, CancellationToken cancellationToken = default) =>
        TierAsync(customerId, new UpdateLoyaltyTierRequest(), cancellationToken);

    /// <summary>Sets a customer's tier and locks it. For admins.</summary>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="tier">The tier.</param>
    /// <param name="until">When the lock ends; null for never.</param>
    /// <param name="reason">Why; may be null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for an unknown tier; <c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<UpdateLoyaltyTierResponse> SetTierAsync(
        long customerId, string tier, DateTimeOffset? until = null, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tier);
        return TierAsync(customerId, new UpdateLoyaltyTierRequest { LoyaltyTier = tier, Until = until?.UtcDateTime, Reason = reason }, cancellationToken);
    }

    /// <summary>Adds points, or takes some away. For admins.</summary>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="points">How many, at most 1 000 000; negative to take them away.</param>
    /// <param name="reason">Why; "Manual adjustment" where it is null.</param>
    /// <param name="idempotencyKey">Names this adjustment, so that it can be repeated even after a crash; null for one of its own.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>forbidden</c> (403); <c>not_found</c> (404); <c>insufficient_points</c> (409): there are fewer, and nothing has changed.
    /// </exception>
    public Task<AddLoyaltyPointsResponse> AddPointsAsync(
        long customerId, long points, string? reason = null, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Post(
                Invariant($"api/customers/customers/{customerId}/add_loyalty_points/"),
                new AddLoyaltyPointsRequest { Points = points, Reason = reason },
                ClientJson.Default.AddLoyaltyPointsRequest,
                idempotencyKey),
            ClientJson.Default.AddLoyaltyPointsResponse,
            cancellationToken);

    private Task<UpdateLoyaltyTierResponse> TierAsync(long customerId, UpdateLoyaltyTierRequest request, CancellationToken cancellationToken) => _connection.AskAsync(
        Call.Post(Invariant($"api/customers/customers/{customerId}/update_loyalty_tier/"), request, ClientJson.Default.UpdateLoyaltyTierRequest),
        ClientJson.Default.UpdateLoyaltyTierResponse,
        cancellationToken);
}
