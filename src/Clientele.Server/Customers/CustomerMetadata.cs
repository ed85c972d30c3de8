namespace Clientele.Server.Customers;

/// <summary>One value of a customer's metadata in the form that rules compare. Only the column for its type is set.</summary>
[Table("customer_metadata", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Key))]
[Index(nameof(Key), nameof(CustomerId))]
internal sealed class CustomerMetadata
{
    public required long CustomerId { get; init; }

    public required string Key { get; init; }

    /// <summary>A text in the form that is compared: <see cref="TextFolding.NameKey"/>.</summary>
    public string? TextKey { get; init; }

    public double? Number { get; init; }

    public bool? Flag { get; init; }

    /// <summary>The rows of a customer's metadata. An empty text counts as missing.</summary>
    public static IEnumerable<CustomerMetadata> Of(Customer customer) =>
        JsonSerializer.Deserialize(customer.Metadata, WireJson.Default.DictionaryStringJsonElement)!
            .Where(entry => entry.Value.ValueKind != JsonValueKind.String || !string.IsNullOrEmpty(entry.Value.GetString()))
            .Select(entry => new CustomerMetadata
            {
                CustomerId = customer.Id,
                Key = entry.Key,
                TextKey = entry.Value.ValueKind == JsonValueKind.String ? TextFolding.NameKey(entry.Value.GetString()!) : null,
                Number = entry.Value.ValueKind == JsonValueKind.Number ? entry.Value.GetDouble() : null,
                Flag = entry.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? entry.Value.GetBoolean() : null,
            });
}
