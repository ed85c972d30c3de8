namespace Clientele.Client;

/// <summary>
/// A change of an address: properties that are assigned are sent, including null; the others do not change.
/// <code>await client.Addresses.UpdateAsync(456, new AddressPatch { AddressLine2 = null });</code>
/// </summary>
public sealed class AddressPatch : MergePatch
{
    /// <summary><c>billing</c> or <c>shipping</c>.</summary>
    public string? AddressType
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The recipient's given name.</summary>
    public string? FirstName
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The recipient's family name.</summary>
    public string? LastName
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The recipient's company, null to remove it.</summary>
    public string? Company
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The recipient's phone number, null to remove it.</summary>
    public string? Phone
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The street line.</summary>
    public string? AddressLine1
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>A second line, null to remove it.</summary>
    public string? AddressLine2
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The city or town.</summary>
    public string? City
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The state, province or region.</summary>
    public string? State
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The postal code.</summary>
    public string? PostalCode
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>
    /// The country: ISO 3166-1 alpha-2 or alpha-3, or a usual name such as "UK". If it changes and <see cref="State"/> is not assigned, a region of the
    /// old country is removed.
    /// </summary>
    public string? Country
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>Whether it is the customer's default address of its type.</summary>
    public bool? IsDefault
    {
        get => Get<bool?>();
        set => Set(value);
    }
}
