using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>The members of an address while somebody edits them.</summary>
internal sealed class AddressDraft
{
    public static readonly IReadOnlyList<DraftMember<AddressDraft, AddressPatch>> Members =
    [
        new("address_type", "Type", d => d.AddressType, (from, to) => to.AddressType = from.AddressType, (_, d, p) => p.AddressType = d.AddressType),
        new("country", "Country", d => d.Country, (from, to) => to.Country = from.Country, (_, d, p) => p.Country = d.Country),
        new("first_name", "First name", d => d.FirstName, (from, to) => to.FirstName = from.FirstName, (_, d, p) => p.FirstName = d.FirstName),
        new("last_name", "Last name", d => d.LastName, (from, to) => to.LastName = from.LastName, (_, d, p) => p.LastName = d.LastName),
        new("company", "Company", d => d.Company, (from, to) => to.Company = from.Company, (_, d, p) => p.Company = OrNull(d.Company)),
        new(
            "address_line1", "Address line 1", d => d.AddressLine1, (from, to) => to.AddressLine1 = from.AddressLine1,
            (_, d, p) => p.AddressLine1 = d.AddressLine1),
        new("address_line2", "Address line 2", d => d.AddressLine2, (from, to) => to.AddressLine2 = from.AddressLine2,
            (_, d, p) => p.AddressLine2 = OrNull(d.AddressLine2)),
        new("city", "City", d => d.City, (from, to) => to.City = from.City, (_, d, p) => p.City = OrNull(d.City)),
        new("state", "Region", d => d.State, (from, to) => to.State = from.State, (_, d, p) => p.State = OrNull(d.State)),
        new("postal_code", "Postal code", d => d.PostalCode, (from, to) => to.PostalCode = from.PostalCode, (_, d, p) => p.PostalCode = OrNull(d.PostalCode)),
        new("phone", "Phone", d => d.Phone, (from, to) => to.Phone = from.Phone, (_, d, p) => p.Phone = OrNull(d.Phone)),
        new("is_default", "Default", d => d.IsDefault ? "yes" : "no", (from, to) => to.IsDefault = from.IsDefault, (_, d, p) => p.IsDefault = d.IsDefault),
    ];

    public string AddressType { get; set; } = Client.AddressType.Shipping;

    public string FirstName { get; set; } = "";

    public string LastName { get; set; } = "";

    public string Company { get; set; } = "";

    public string Phone { get; set; } = "";

    public string AddressLine1 { get; set; } = "";

    public string AddressLine2 { get; set; } = "";

    public string City { get; set; } = "";

    public string State { get; set; } = "";

    public string PostalCode { get; set; } = "";

    /// <summary>The alpha-3 code; empty until one is chosen.</summary>
    public string Country { get; set; } = "";

    public bool IsDefault { get; set; }

    public static AddressDraft Of(AddressResponse address) => new()
    {
        AddressType = address.AddressType,
        FirstName = address.FirstName,
        LastName = address.LastName,
        Company = address.Company ?? "",
        Phone = address.Phone ?? "",
        AddressLine1 = address.AddressLine1,
        AddressLine2 = address.AddressLine2 ?? "",
        City = address.City ?? "",
        State = address.State ?? "",
        PostalCode = address.PostalCode ?? "",
        Country = address.Country,
        IsDefault = address.IsDefault,
    };

    public bool DiffersFrom(AddressDraft other) => DraftMembers.Differ(Members, other, this);

    public AddressPatch PatchOf(AddressDraft basis) => DraftMembers.Patch(Members, basis, this);

    public AddressRequest ToRequest(long customer) => new()
    {
        Customer = customer,
        AddressType = AddressType,
        FirstName = FirstName,
        LastName = LastName,
        Company = OrNull(Company),
        Phone = OrNull(Phone),
        AddressLine1 = AddressLine1,
        AddressLine2 = OrNull(AddressLine2),
        City = OrNull(City),
        State = OrNull(State),
        PostalCode = OrNull(PostalCode),
        Country = Country,
        IsDefault = IsDefault,
    };

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
