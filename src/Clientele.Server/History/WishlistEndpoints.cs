using Clientele.Server.Rules;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.History;

internal static class WishlistEndpoints
{
    private const int MostItems = 1000;

    public static readonly ListDefinition<WishlistItem> List = new ListDefinition<WishlistItem>(w => w.AddedAt, w => w.ProductId, "-added_at")
        .Text("product_id", "The product with this id.", "p-100", text => w => w.ProductId == text);

    public static void Map(IEndpointRouteBuilder api)
    {
        var wishlist = api.MapGroup("/api/customers/customers/{id:long}/wishlist").WithTags("History")
            .WithId("wishlist", "The product's id, at most 100 characters.", "p-100");
        wishlist.MapGet("/", ListWishlist).WithName(nameof(ListWishlist)).For(Who.OwnerOrAdmin, KeyScope.CustomersRead).Lists(List).Answers(400, 404);
        wishlist.MapPut("/{product_id}/", PutWishlistItem).WithName(nameof(PutWishlistItem)).For(Who.OwnerOrAdmin, KeyScope.WishlistWrite)
            .Answers(400, 404, 409, 415);
        wishlist.MapDelete("/{product_id}/", DeleteWishlistItem).WithName(nameof(DeleteWishlistItem)).For(Who.OwnerOrAdmin, KeyScope.WishlistWrite)
            .Answers(404);
    }

    /// <summary>List a customer's wishlist</summary>
    /// <remarks>Newest first.</remarks>
    internal static async Task<Results<PageResult<WishlistItemResponse>, Problem>> ListWishlist(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken) =>
        await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken)
            ? await list.PageAsync(List, db.WishlistItems.Where(w => w.CustomerId == id), w => w.ToResponse(), cancellationToken)
            : Problems.NotFound();

    /// <summary>Put a product on a customer's wishlist</summary>
    /// <remarks>Replaces the product's entry, except for the time when it was first added. A wishlist has at most 1000 products.</remarks>
    internal static async Task<Results<Ok<WishlistItemResponse>, Created<WishlistItemResponse>, Problem>> PutWishlistItem(
        long id,
        [FromRoute(Name = "product_id")] string productId,
        Body<WishlistItemRequest> body,
        Caller caller,
        ClienteleDb db,
        CustomerWrites writes,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (!await caller.MaySeeAsync(id, cancellationToken))
        {
            return Problems.NotFound();
        }

        var request = body.Read(out var errors);
        Check(productId, request, errors);
        if (request.Currency is not null && !Currencies.TryNormalise(request.Currency, out _)
            && !(OrderInput.IsId(productId) && await IsStoredAsync(db, id, productId, request.Currency, cancellationToken)))
        {
            errors.Add("currency", "Must be an ISO 4217 code, such as USD.");
        }

        return errors.Any ? Problems.Invalid(errors) : await writes.RunAsync<Ok<WishlistItemResponse>, Created<WishlistItemResponse>>(
            new(id) { IsAudited = false },
            _ => StoreAsync(db, id, productId, request, clock.Now(), cancellationToken),
            cancellationToken);
    }

    /// <summary>Take a product off a customer's wishlist</summary>
    /// <remarks>404 if the product is not on the list.</remarks>
    internal static async Task<Results<NoContent, Problem>> DeleteWishlistItem(
        long id,
        [FromRoute(Name = "product_id")] string productId,
        Caller caller,
        ClienteleDb db,
        CustomerWrites writes,
        SegmentQueue queue,
        CancellationToken cancellationToken) =>
        await caller.MaySeeAsync(id, cancellationToken)
            ? await writes.RunAsync<NoContent>(
                new(id) { IsAudited = false },
                async _ =>
                {
                    await queue.TouchAsync(db, id, Facets.Wishlist, cancellationToken);
                    return await db.WishlistItems.Where(w => w.CustomerId == id && w.ProductId == productId).ExecuteDeleteAsync(cancellationToken) == 1
                        ? TypedResults.NoContent()
                        : Problems.NotFound();
                },
                cancellationToken)
            : Problems.NotFound();

    private static async Task<Results<Ok<WishlistItemResponse>, Created<WishlistItemResponse>, Problem>> StoreAsync(
        ClienteleDb db, long id, string productId, WishlistItemRequest request, DateTime now, CancellationToken cancellationToken)
    {
        var item = await db.WishlistItems.AsTracking().SingleOrDefaultAsync(w => w.CustomerId == id && w.ProductId == productId, cancellationToken);
        var isNew = item is null;
        if (item is null)
        {
            if (await db.WishlistItems.CountAsync(w => w.CustomerId == id, cancellationToken) >= MostItems)
            {
                return new Problem("conflict", $"A wishlist has at most {MostItems} products. Remove one first.");
            }

            item = new WishlistItem { CustomerId = id, ProductId = productId, Name = "", AddedAt = now }.DeriveKeys();
            db.Add(item);
        }

        item.Name = request.Name.Trim();
        item.Url = string.IsNullOrWhiteSpace(request.Url) ? null : request.Url.Trim();
        item.Price = request.Price is { } price ? OrderInput.ToMinorUnits(price) : null;
        item.Currency = request.Currency;
        return isNew ? TypedResults.Created((string?)null, item.ToResponse()) : TypedResults.Ok(item.ToResponse());
    }

    private static void Check(string productId, WishlistItemRequest request, Errors errors)
    {
        if (!OrderInput.IsId(productId))
        {
            errors.Add("product_id", OrderInput.IdRule);
        }

        if (!string.IsNullOrWhiteSpace(request.Url) && !(Uri.TryCreate(request.Url.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            errors.Add("url", "Must be an http or https address.");
        }

        if (request.Price < 0)
        {
            errors.Add("price", "Must not be negative.");
        }

        if (Currencies.TryNormalise(request.Currency, out var currency))
        {
            request.Currency = currency;
        }
    }

    /// <summary>Whether the product is stored with this currency. It may have been withdrawn since, and what does not change is not checked.</summary>
    private static Task<bool> IsStoredAsync(ClienteleDb db, long id, string productId, string currency, CancellationToken cancellationToken) =>
        db.WishlistItems.AnyAsync(w => w.CustomerId == id && w.ProductId == productId && w.Currency == currency, cancellationToken);
}
