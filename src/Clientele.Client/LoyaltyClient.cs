using static System.FormattableString;

namespace Clientele.Client;

/// <summary>Tiers and points.</summary>
public sealed class LoyaltyClient
{
    private readonly Connection _connection;

    internal LoyaltyClient(Connection connection) => _connection = connection;

    /// <summary>Recalculates a customer's tier from their spending, and removes a lock. For admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<UpdateLoyaltyTierResponse> RecalculateTierAsync(long customerId, CancellationToken cancellationToken = default) =>
        TierAsync(customerId, new UpdateLoyaltyTierRequest(), cancellationToken);

    /// <summary>Sets a customer's tier and locks it. For admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="tier">The tier.</param>
    /// <param name="until">When the lock ends; null for never.</param>
    /// <param name="reason">The reason; may be null.</param>
    /// <param name="floor">Whether the tier is a floor: the customer's tier still rises above it.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for an unknown tier; <c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<UpdateLoyaltyTierResponse> SetTierAsync(
        long customerId,
        string tier,
        DateTimeOffset? until = null,
        string? reason = null,
        bool floor = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tier);
        return TierAsync(
            customerId, new UpdateLoyaltyTierRequest { LoyaltyTier = tier, Until = until?.UtcDateTime, Reason = reason, Floor = floor }, cancellationToken);
    }

    /// <summary>Adds points, or takes points away. For admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="points">How many, at most 1 000 000; negative to take them away.</param>
    /// <param name="reason">The reason; null for "Manual adjustment".</param>
    /// <param name="idempotencyKey">Identifies this adjustment, so that you can repeat it even after a crash; null to generate a key.</param>
    /// <param name="expiresAt">When the added points expire; null for the programme's date.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>forbidden</c> (403); <c>not_found</c> (404); <c>insufficient_points</c> (409): the customer
    /// has fewer points, and nothing has changed.
    /// </exception>
    public Task<AddLoyaltyPointsResponse> AddPointsAsync(
        long customerId,
        long points,
        string? reason = null,
        string? idempotencyKey = null,
        DateTimeOffset? expiresAt = null,
        CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Post(
                Invariant($"api/customers/customers/{customerId}/add_loyalty_points/"),
                new AddLoyaltyPointsRequest { Points = points, Reason = reason, ExpiresAt = expiresAt?.UtcDateTime },
                WireJson.Default.AddLoyaltyPointsRequest,
                idempotencyKey),
            WireJson.Default.AddLoyaltyPointsResponse,
            cancellationToken);

    /// <summary>Spends points. For admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="points">How many.</param>
    /// <param name="reason">What the points are spent on.</param>
    /// <param name="orderNumber">The order that the points pay for; may be null.</param>
    /// <param name="idempotencyKey">Identifies this redemption, so that you can repeat it even after a crash; null to generate a key.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400); <c>forbidden</c> (403); <c>not_found</c> (404); <c>insufficient_points</c> (409): the customer
    /// has fewer points, and nothing has changed.
    /// </exception>
    public Task<RedeemLoyaltyPointsResponse> RedeemAsync(
        long customerId, long points, string reason, string? orderNumber = null, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return _connection.AskAsync(
            Call.Post(
                Invariant($"api/customers/customers/{customerId}/redeem_loyalty_points/"),
                new RedeemLoyaltyPointsRequest { Points = points, Reason = reason, OrderNumber = orderNumber },
                WireJson.Default.RedeemLoyaltyPointsRequest,
                idempotencyKey),
            WireJson.Default.RedeemLoyaltyPointsResponse,
            cancellationToken);
    }

    /// <summary>Reverses a redemption, or a part of it: the points go back to the lots they came from. For admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="entryId">The redemption: <see cref="RedeemLoyaltyPointsResponse.EntryId"/>.</param>
    /// <param name="reason">The reason; may be null.</param>
    /// <param name="points">How many points; null for everything that is left of the redemption.</param>
    /// <param name="idempotencyKey">Identifies this reversal, so that you can repeat it even after a crash; null to generate a key.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>forbidden</c> (403); <c>not_found</c> (404); <c>not_reversible</c> (409) if the entry is not a redemption;
    /// <c>already_reversed</c> (409) if fewer points, or none, are left of it.
    /// </exception>
    public Task<ReverseLoyaltyEntryResponse> ReverseAsync(
        long customerId,
        long entryId,
        string? reason = null,
        long? points = null,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Post(
                Invariant($"api/customers/customers/{customerId}/loyalty/entries/{entryId}/reverse/"),
                new ReverseLoyaltyEntryRequest { Points = points, Reason = reason },
                WireJson.Default.ReverseLoyaltyEntryRequest,
                idempotencyKey),
            WireJson.Default.ReverseLoyaltyEntryResponse,
            cancellationToken);

    /// <summary>Gets a customer's points and tier. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<LoyaltyResponse> GetAsync(long customerId, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Invariant($"api/customers/customers/{customerId}/loyalty/")), WireJson.Default.LoyaltyResponse, cancellationToken);

    /// <summary>Gets a page of a customer's ledger. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Filters, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public Task<Page<LoyaltyEntryResponse>> ListEntriesAsync(long customerId, LoyaltyEntryQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Entries(customerId) + query?.ToQueryString()), WireJson.Default.PageLoyaltyEntryResponse, cancellationToken);

    /// <summary>Walks through a customer's ledger from page to page. Each page is fetched when it is needed. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public IAsyncEnumerable<LoyaltyEntryResponse> AllEntriesAsync(
        long customerId, LoyaltyEntryQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(Entries(customerId), query, WireJson.Default.PageLoyaltyEntryResponse, cancellationToken);

    /// <summary>Gets a page of a customer's lots: points that were added together, and how many of them are left. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Filters, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public Task<Page<LoyaltyLotResponse>> ListLotsAsync(long customerId, LoyaltyLotQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Get(Invariant($"api/customers/customers/{customerId}/loyalty/lots/") + query?.ToQueryString()),
            WireJson.Default.PageLoyaltyLotResponse,
            cancellationToken);

    /// <summary>Gets a page of the tiers that a customer has had. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Page<TierPeriodResponse>> ListTiersAsync(long customerId, TierPeriodQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Get(Invariant($"api/customers/customers/{customerId}/loyalty/tiers/") + query?.ToQueryString()),
            WireJson.Default.PageTierPeriodResponse,
            cancellationToken);

    /// <summary>Gets the programme: the tiers, their benefits, and how customers earn points. For everybody.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    public Task<LoyaltyProgrammeResponse> GetProgrammeAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get("api/customers/loyalty/tiers/"), WireJson.Default.LoyaltyProgrammeResponse, cancellationToken);

    /// <summary>Calculates who would move up and down with other thresholds. Changes nothing. For admins.</summary>
    /// <param name="tiers">Tiers with their new thresholds; tiers that are left out keep theirs.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>forbidden</c> (403).</exception>
    public Task<SimulateTiersResponse> SimulateAsync(IReadOnlyList<TierThreshold> tiers, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Post("api/customers/loyalty/simulate/", new SimulateTiersRequest { Tiers = tiers }, WireJson.Default.SimulateTiersRequest),
            WireJson.Default.SimulateTiersResponse,
            cancellationToken);

    /// <summary>Gets the points outstanding. For admins.</summary>
    /// <param name="asOf">The instant; null for now.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403).</exception>
    public Task<LiabilityResponse> GetLiabilityAsync(DateTimeOffset? asOf = null, CancellationToken cancellationToken = default)
    {
        var parameters = new QueryParameters();
        parameters.Add("as_of", asOf);
        return _connection.AskAsync(Call.Get("api/customers/loyalty/liability/" + parameters), WireJson.Default.LiabilityResponse, cancellationToken);
    }

    private static string Entries(long customerId) => Invariant($"api/customers/customers/{customerId}/loyalty/entries/");

    private Task<UpdateLoyaltyTierResponse> TierAsync(
        long customerId, UpdateLoyaltyTierRequest request, CancellationToken cancellationToken) => _connection.AskAsync(
        Call.Post(Invariant($"api/customers/customers/{customerId}/update_loyalty_tier/"), request, WireJson.Default.UpdateLoyaltyTierRequest),
        WireJson.Default.UpdateLoyaltyTierResponse,
        cancellationToken);
}
