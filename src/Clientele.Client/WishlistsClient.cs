using static System.FormattableString;

namespace Clientele.Client;

/// <summary>Wishlists. For their owners and admins; for anybody else they do not exist (<c>not_found</c>, 404).</summary>
public sealed class WishlistsClient
{
    private readonly Connection _connection;

    internal WishlistsClient(Connection connection) => _connection = connection;

    /// <summary>Gets a page of a customer's wishlist.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Page<WishlistItemResponse>> ListAsync(long customerId, WishlistQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Of(customerId) + query?.ToQueryString()), WireJson.Default.PageWishlistItemResponse, cancellationToken);

    /// <summary>Walks through a customer's wishlist from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">The ordering; null for the newest first.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public IAsyncEnumerable<WishlistItemResponse> AllAsync(long customerId, WishlistQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(Of(customerId), query, WireJson.Default.PageWishlistItemResponse, cancellationToken);

    /// <summary>Puts a product on a wishlist, or replaces its entry.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="productId">The product's id.</param>
    /// <param name="request">The product's entry on the list.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>not_found</c> (404); <c>conflict</c> (409): the list is full.</exception>
    public Task<WishlistItemResponse> PutAsync(long customerId, string productId, WishlistItemRequest request, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Put(Item(customerId, productId), request, WireJson.Default.WishlistItemRequest, ifMatch: null),
            WireJson.Default.WishlistItemResponse,
            cancellationToken);

    /// <summary>Takes a product off a wishlist.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="productId">The product's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404): it is not on the list.</exception>
    public Task DeleteAsync(long customerId, string productId, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(Item(customerId, productId), ifMatch: null), cancellationToken);

    private static string Of(long customerId) => Invariant($"api/customers/customers/{customerId}/wishlist/");

    private static string Item(long customerId, string productId) => $"{Of(customerId)}{Call.Part(productId)}/";
}
