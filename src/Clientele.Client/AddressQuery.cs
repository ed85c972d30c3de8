namespace Clientele.Client;

/// <summary>Filters and ordering of a list of addresses. Filters can be combined; null means no filter.</summary>
public sealed record AddressQuery : PageQuery
{
    /// <summary><c>billing</c> or <c>shipping</c>.</summary>
    public string? AddressType { get; init; }

    /// <summary>Only default addresses, or only the others.</summary>
    public bool? IsDefault { get; init; }

    /// <summary>The country: ISO 3166-1 alpha-2 or alpha-3, or a usual name.</summary>
    public string? Country { get; init; }

    /// <summary>The state as it is stored; matches regardless of case and accents.</summary>
    public string? State { get; init; }

    /// <summary>Part of the city's name, regardless of case and accents.</summary>
    public string? City { get; init; }

    /// <summary>The postal code as it is stored, regardless of case.</summary>
    public string? PostalCode { get; init; }

    /// <summary>The phone number, with its country code; its punctuation is ignored.</summary>
    public string? Phone { get; init; }

    /// <summary>Changed at or after this instant.</summary>
    public DateTimeOffset? UpdatedAfter { get; init; }

    /// <summary>Changed at or before this instant.</summary>
    public DateTimeOffset? UpdatedBefore { get; init; }

    /// <summary>The addresses of one customer, if the caller may see them.</summary>
    public long? Customer { get; init; }

    /// <summary>
    /// The orderings, the most important first. Rows with equal values are ordered by id; missing values come last. Default: default
    /// addresses first, then newest first.
    /// </summary>
    public IReadOnlyList<AddressOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("address_type", AddressType);
        parameters.Add("is_default", IsDefault);
        parameters.Add("country", Country);
        parameters.Add("state", State);
        parameters.Add("city", City);
        parameters.Add("postal_code", PostalCode);
        parameters.Add("phone", Phone);
        parameters.Add("updated_after", UpdatedAfter);
        parameters.Add("updated_before", UpdatedBefore);
        parameters.Add("customer", Customer);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>The possible orderings of the list.</summary>
public enum AddressOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,

    /// <summary>The longest unchanged first.</summary>
    UpdatedAt,

    /// <summary>The most recently changed first.</summary>
    UpdatedAtDescending,

    /// <summary>Defaults last.</summary>
    IsDefault,

    /// <summary>Defaults first.</summary>
    IsDefaultDescending,
}
