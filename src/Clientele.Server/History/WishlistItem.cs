namespace Clientele.Server.History;

[Data.Table("wishlist_items", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(ProductId))]
[Index(nameof(CustomerId), nameof(AddedAt))]
[Index(nameof(AddedAt))]
internal sealed class WishlistItem
{
    public required long CustomerId { get; init; }

    public required string ProductId { get; init; }

    /// <summary>The product in the form that rules compare: <see cref="TextFolding.NameKey"/>.</summary>
    public string ProductKey { get; private set; } = "";

    public required string Name { get; set; }

    public string? Url { get; set; }

    /// <summary>In minor units.</summary>
    public long? Price { get; set; }

    public string? Currency { get; set; }

    public required DateTime AddedAt { get; init; }

    /// <summary>Derives the values that rules compare.</summary>
    public WishlistItem DeriveKeys()
    {
        ProductKey = TextFolding.NameKey(ProductId);
        return this;
    }

    public WishlistItemResponse ToResponse() => new()
    {
        ProductId = ProductId,
        Name = Name,
        Url = Url,
        Price = Price / 100m,
        Currency = Currency,
        AddedAt = AddedAt,
    };
}
