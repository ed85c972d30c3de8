namespace Clientele.Server.Customers;

/// <summary>A tag of a customer, unique regardless of case.</summary>
[Table("customer_tags", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(TagKey))]
[Index(nameof(TagKey), nameof(CustomerId))]
internal sealed class CustomerTag
{
    /// <summary>The tags of the customer @id.</summary>
    public const string OfCustomer = "SELECT tag FROM customer_tags WHERE customer_id = @id ORDER BY tag_key";

    public required long CustomerId { get; init; }

    /// <summary>The tag in the form that is compared: <see cref="TextFolding.NameKey"/>.</summary>
    public required string TagKey { get; init; }

    public required string Tag { get; init; }
}
