namespace Clientele.Server.History;

/// <summary>The customer of a review id. The row stays when the customer is erased, so that a redelivered review finds no customer.</summary>
[Data.Table("review_ids", TableClass.Claim)]
internal sealed class ReviewId
{
    public required string Id { get; init; }

    public required long CustomerId { get; init; }
}
