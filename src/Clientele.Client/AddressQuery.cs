namespace Clientele.Client;

/// <summary>Which addresses, in what order. Filters can be combined; what is null does not filter.</summary>
public sealed record AddressQuery : PageQuery
{
    /// <summary><c>billing</c> or <c>shipping</c>.</summary>
    public string? AddressType { get; init; }

    /// <summary>Default addresses, or the others.</summary>
    public bool? IsDefault { get; init; }

    /// <summary>The country: ISO 3166-1 alpha-2 or alpha-3, or its English short name.</summary>
    public string? Country { get; init; }

    /// <summary>The state as it is stored, without regard to case and accents.</summary>
    public string? State { get; init; }

    /// <summary>Part of the city's name, without regard to case and accents.</summary>
    public string? City { get; init; }

    /// <summary>The addresses of one customer, as far as the caller may see them.</summary>
    public long? Customer { get; init; }

    /// <summary>What to order by, the most important first; ties are broken by id and missing values come last. By default the defaults, then the newest first.</summary>
    public IReadOnlyList<AddressOrdering>? OrderBy { get; init; }

    private protected override void Write(QueryParameters parameters)
    {
        parameters.Add("address_type", AddressType);
        parameters.Add("is_default", IsDefault);
        parameters.Add("country", Country);
        parameters.Add("state", State);
        parameters.Add("city", City);
        parameters.Add("customer", Customer);
        parameters.AddOrdering(OrderBy);
    }
}

/// <summary>What the list can be ordered by.</summary>
public enum AddressOrdering
{
    /// <summary>The oldest first.</summary>
    CreatedAt,

    /// <summary>The newest first.</summary>
    CreatedAtDescending,

    /// <summary>Defaults last.</summary>
    IsDefault,

    /// <summary>Defaults first.</summary>
    IsDefaultDescending,
}
