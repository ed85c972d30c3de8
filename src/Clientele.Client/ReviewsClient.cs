using static System.FormattableString;

namespace Clientele.Client;

/// <summary>The copies of reviews that the shop's review system sends.</summary>
public sealed class ReviewsClient
{
    private readonly Connection _connection;

    internal ReviewsClient(Connection connection) => _connection = connection;

    /// <summary>Gets a page of a customer's reviews. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Page<ReviewResponse>> ListAsync(long customerId, ReviewQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Of(customerId) + query?.ToQueryString()), WireJson.Default.PageReviewResponse, cancellationToken);

    /// <summary>Walks through a customer's reviews from page to page. Each page is fetched when it is needed. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">The ordering; null for the newest first.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public IAsyncEnumerable<ReviewResponse> AllAsync(long customerId, ReviewQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(Of(customerId), query, WireJson.Default.PageReviewResponse, cancellationToken);

    /// <summary>Gets a review. For admins.</summary>
    /// <param name="reviewId">The review's id in the shop's review system.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404), also for a deleted review.</exception>
    public Task<ReviewResponse> GetAsync(string reviewId, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(One(reviewId)), WireJson.Default.ReviewResponse, cancellationToken);

    /// <summary>Creates or updates a review. An older or equal revision changes nothing. For admins.</summary>
    /// <param name="reviewId">The review's id in the shop's review system.</param>
    /// <param name="request">The review.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>The review as it is stored now.</returns>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> or <c>customer_unknown</c> (400); <c>forbidden</c> (403); <c>customer_changed</c> or <c>review_deleted</c> (409).
    /// </exception>
    public Task<ReviewResponse> PutAsync(string reviewId, ReviewRequest request, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Put(One(reviewId), request, WireJson.Default.ReviewRequest, ifMatch: null), WireJson.Default.ReviewResponse, cancellationToken);

    /// <summary>Deletes a review. Only a newer revision restores it. For admins.</summary>
    /// <param name="reviewId">The review's id in the shop's review system.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task DeleteAsync(string reviewId, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(One(reviewId), ifMatch: null), cancellationToken);

    private static string Of(long customerId) => Invariant($"api/customers/customers/{customerId}/reviews/");

    private static string One(string reviewId) => $"api/reviews/{Call.Part(reviewId)}/";
}
