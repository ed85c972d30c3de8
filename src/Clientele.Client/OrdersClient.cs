using System.Runtime.CompilerServices;
using static System.FormattableString;

namespace Clientele.Client;

/// <summary>The copies of orders that the shop's order system sends.</summary>
public sealed class OrdersClient
{
    private const int BatchSize = 500;

    private readonly Connection _connection;

    internal OrdersClient(Connection connection) => _connection = connection;

    /// <summary>Gets a page of a customer's orders. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Filters, ordering and page; null for the newest.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public Task<Page<OrderResponse>> ListAsync(long customerId, OrderQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Of(customerId) + query?.ToQueryString()), WireJson.Default.PageOrderResponse, cancellationToken);

    /// <summary>Walks through a customer's orders from page to page. Each page is fetched when it is needed. For the customer and admins.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) for an invalid filter.</exception>
    public IAsyncEnumerable<OrderResponse> AllAsync(long customerId, OrderQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(Of(customerId), query, WireJson.Default.PageOrderResponse, cancellationToken);

    /// <summary>Gets an order. For admins.</summary>
    /// <param name="orderNumber">The order's number in the shop's order system.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>not_found</c> (404).</exception>
    public Task<OrderResponse> GetAsync(string orderNumber, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(One(orderNumber)), WireJson.Default.OrderResponse, cancellationToken);

    /// <summary>Creates or updates an order. An older or equal revision changes nothing. For admins.</summary>
    /// <param name="orderNumber">The order's number in the shop's order system.</param>
    /// <param name="request">The order.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>The order as it is stored now.</returns>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> or <c>customer_unknown</c> (400); <c>forbidden</c> (403); <c>customer_changed</c> (409).
    /// </exception>
    public Task<OrderResponse> PutAsync(string orderNumber, OrderRequest request, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Put(One(orderNumber), request, WireJson.Default.OrderRequest, ifMatch: null),
            WireJson.Default.OrderResponse,
            cancellationToken);

    /// <summary>Creates or updates up to 1000 orders. An order that is rejected does not stop the others. For admins.</summary>
    /// <param name="orders">The orders.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>One result for each order, in the order of the request: the status that its PUT would have had.</returns>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for more than 1000; <c>forbidden</c> (403); <c>body_too_large</c> (413).</exception>
    public async Task<IReadOnlyList<OrderResult>> PutManyAsync(IReadOnlyList<BatchedOrder> orders, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(orders);
        var answer = await _connection.AskAsync(
            Call.Post("api/orders/batch/", new OrderBatchRequest { Orders = orders }, WireJson.Default.OrderBatchRequest),
            WireJson.Default.OrderBatchResponse,
            cancellationToken).ConfigureAwait(false);
        return answer.Results;
    }

    /// <summary>Creates or updates any number of orders, 500 at a time, and returns the results as they arrive. For admins.</summary>
    /// <param name="orders">The orders, read as they are needed.</param>
    /// <param name="cancellationToken">Stops waiting for the response. Orders sent until then may be stored; sending them again changes nothing.</param>
    /// <returns>One result for each order, in the order given: the status that its PUT would have had.</returns>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403); <c>body_too_large</c> (413).</exception>
    public async IAsyncEnumerable<OrderResult> PutAllAsync(
        IAsyncEnumerable<BatchedOrder> orders, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(orders);
        await foreach (var batch in orders.Chunk(BatchSize).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var result in await PutManyAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
    }

    private static string One(string orderNumber) => $"api/orders/{Call.Part(orderNumber)}/";

    private static string Of(long customerId) => Invariant($"api/customers/customers/{customerId}/orders/");
}
