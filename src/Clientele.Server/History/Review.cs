namespace Clientele.Server.History;

/// <summary>A copy of a review that another system owns.</summary>
[Data.Table("reviews", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(ReviewId))]
[Index(nameof(CustomerId), nameof(CreatedAt))]
[Index(nameof(CreatedAt))]
internal sealed class Review
{
    public required long CustomerId { get; init; }

    public required string ReviewId { get; init; }

    public required string ProductId { get; set; }

    /// <summary>The product in the form that rules compare: <see cref="TextFolding.NameKey"/>.</summary>
    public string ProductKey { get; private set; } = "";

    public required int Rating { get; set; }

    public string? Title { get; set; }

    public string? Body { get; set; }

    public required DateTime CreatedAt { get; set; }

    public required long Revision { get; set; }

    /// <summary>When this revision was received.</summary>
    public required DateTime ReceivedAt { get; set; }

    /// <summary>A deleted review stays as a revision without content, so that an older delivery does not restore it.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Derives the values that rules compare.</summary>
    public Review DeriveKeys()
    {
        ProductKey = TextFolding.NameKey(ProductId);
        return this;
    }

    public ReviewResponse ToResponse() => new()
    {
        ReviewId = ReviewId,
        Customer = CustomerId,
        ProductId = ProductId,
        Rating = Rating,
        Title = Title,
        Body = Body,
        CreatedAt = CreatedAt,
        Revision = Revision,
    };
}
