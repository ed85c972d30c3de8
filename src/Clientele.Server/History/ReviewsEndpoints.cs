using Clientele.Server.Rules;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.History;

internal static class ReviewsEndpoints
{
    private const string Record = "review";

    public static readonly ListDefinition<Review> List = new ListDefinition<Review>(r => r.CreatedAt, r => r.ReviewId, "-created_at")
        .Text("product_id", "The reviews of this product.", "p-100", text => r => r.ProductId == text);

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("History").WithId("reviews", "The review's id in the shop's review system, at most 100 characters.", "r-500");
        group.MapGet("/api/customers/customers/{id:long}/reviews/", ListReviews).WithName(nameof(ListReviews)).For(Who.OwnerOrAdmin, KeyScope.CustomersRead)
            .Lists(List).Answers(400, 404);
        group.MapGet("/api/reviews/{review_id}/", GetReview).WithName(nameof(GetReview)).For(Who.Admin, KeyScope.CustomersRead).Answers(400, 404);
        group.MapPut("/api/reviews/{review_id}/", PutReview).WithName(nameof(PutReview)).For(Who.Admin, KeyScope.ReviewsWrite)
            .Answers("customer_unknown", "customer_changed", "review_deleted");
        group.MapDelete("/api/reviews/{review_id}/", DeleteReview).WithName(nameof(DeleteReview)).For(Who.Admin, KeyScope.ReviewsWrite).Answers(404);
    }

    /// <summary>List a customer's reviews</summary>
    /// <remarks>The copies of reviews that the shop's review system has sent, newest first.</remarks>
    internal static async Task<Results<PageResult<ReviewResponse>, Problem>> ListReviews(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken) =>
        await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken)
            ? await list.PageAsync(List, db.Reviews.Where(r => r.CustomerId == id && !r.IsDeleted), r => r.ToResponse(), cancellationToken)
            : Problems.NotFound();

    /// <summary>Get a review</summary>
    /// <remarks>The stored copy of the review of any customer.</remarks>
    internal static async Task<Results<Ok<ReviewResponse>, Problem>> GetReview(
        [FromRoute(Name = "review_id")] string reviewId, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!OrderInput.IsId(reviewId))
        {
            return Problems.Invalid("review_id", OrderInput.IdRule);
        }

        var owner = await db.ReviewIds.Where(r => r.Id == reviewId).Select(r => r.CustomerId).SingleOrDefaultAsync(cancellationToken);
        return await caller.MaySeeAsync(owner, cancellationToken)
            && await db.Reviews.SingleOrDefaultAsync(r => r.CustomerId == owner && r.ReviewId == reviewId && !r.IsDeleted, cancellationToken) is { } review
            ? TypedResults.Ok(review.ToResponse())
            : Problems.NotFound();
    }

    /// <summary>Create or update a review</summary>
    /// <remarks>
    /// For the shop's review system. A new review belongs to the customer that it names by id, uuid or proven e-mail, and a known one keeps its
    /// customer, like an order. A revision that is not newer than the stored one changes nothing and returns the stored review.
    /// </remarks>
    internal static async Task<Results<Ok<ReviewResponse>, Created<ReviewResponse>, Problem>> PutReview(
        [FromRoute(Name = "review_id")] string reviewId,
        Body<ReviewRequest> body,
        ClienteleDb db,
        CustomerWrites writes,
        CustomerLookup lookup,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        if (!OrderInput.IsId(reviewId))
        {
            errors.Add("review_id", OrderInput.IdRule);
        }

        long? named = null;
        return errors.Any ? Problems.Invalid(errors) : await writes.RunAsync<Ok<ReviewResponse>, Created<ReviewResponse>>(
            new(ClaimAsync) { Missing = request.Customer is null ? CustomerLookup.Missing(Record) : CustomerLookup.Unknown(Record), IsAudited = false },
            async owner => named != owner.Id && request.Customer is { } other && CustomerLookup.IsLasting(other)
                ? CustomerLookup.Changed(Record)
                : await StoreAsync(db, owner.Id, reviewId, request, clock.Now(), cancellationToken),
            cancellationToken);

        async Task<long?> ClaimAsync()
        {
            if (request.Customer is { } reference
                && (await lookup.FindAsync([reference], cancellationToken)).TryGetValue(reference, out var id))
            {
                named = id;
                await db.Database.ExecuteSqlAsync(
                    $"INSERT INTO review_ids (id, customer_id) VALUES ({reviewId}, {id}) ON CONFLICT DO NOTHING", cancellationToken);
            }

            return await db.ReviewIds.Where(r => r.Id == reviewId).Select(r => (long?)r.CustomerId).SingleOrDefaultAsync(cancellationToken);
        }
    }

    /// <summary>Delete a review</summary>
    /// <remarks>Only a newer revision restores the review.</remarks>
    internal static Task<Results<NoContent, Problem>> DeleteReview(
        [FromRoute(Name = "review_id")] string reviewId, ClienteleDb db, CustomerWrites writes, SegmentQueue queue, CancellationToken cancellationToken) =>
        writes.RunAsync<NoContent>(
            new(() => db.ReviewIds.Where(r => r.Id == reviewId).Select(r => (long?)r.CustomerId).SingleOrDefaultAsync(cancellationToken)) { IsAudited = false },
            async owner =>
            {
                await queue.TouchAsync(db, owner.Id, Facets.Reviews, cancellationToken);
                return await db.Reviews.Where(r => r.CustomerId == owner.Id && r.ReviewId == reviewId && !r.IsDeleted).ExecuteUpdateAsync(
                    set => set.SetProperty(r => r.IsDeleted, true).SetProperty(r => r.Title, (string?)null).SetProperty(r => r.Body, (string?)null),
                    cancellationToken) == 1
                    ? TypedResults.NoContent()
                    : Problems.NotFound();
            },
            cancellationToken);

    private static async Task<Results<Ok<ReviewResponse>, Created<ReviewResponse>, Problem>> StoreAsync(
        ClienteleDb db, long owner, string reviewId, ReviewRequest request, DateTime now, CancellationToken cancellationToken)
    {
        var review = await db.Reviews.AsTracking().SingleOrDefaultAsync(r => r.CustomerId == owner && r.ReviewId == reviewId, cancellationToken);
        if (review is not null && request.Revision <= review.Revision)
        {
            return review.IsDeleted
                ? new Problem("review_deleted", "This review was deleted. Only a newer revision restores it.")
                : TypedResults.Ok(review.ToResponse());
        }

        var isNew = review is null || review.IsDeleted;
        if (review is null)
        {
            review = new Review { CustomerId = owner, ReviewId = reviewId, ProductId = "", Rating = 0, CreatedAt = now, Revision = 0, ReceivedAt = default };
            db.Add(review);
        }

        Assign(review, request, now);
        return isNew ? TypedResults.Created((string?)null, review.ToResponse()) : TypedResults.Ok(review.ToResponse());
    }

    private static void Assign(Review review, ReviewRequest request, DateTime now)
    {
        review.ProductId = request.ProductId;
        review.Rating = request.Rating!.Value;
        review.Title = string.IsNullOrWhiteSpace(request.Title) ? null : request.Title;
        review.Body = string.IsNullOrWhiteSpace(request.Body) ? null : request.Body;
        review.CreatedAt = request.CreatedAt ?? review.CreatedAt;
        review.Revision = request.Revision!.Value;
        review.ReceivedAt = now;
        review.IsDeleted = false;
        review.DeriveKeys();
    }
}
