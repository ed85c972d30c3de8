namespace Clientele.Server.Addresses;

internal static class AddressesEndpoints
{
    public static readonly ListDefinition<Address> List = new ListDefinition<Address>(a => a.Id, "-is_default,-created_at")
        .OneOf("address_type", "The type", ["billing", "shipping"], "shipping", type => a => a.AddressType == type)
        .Boolean("is_default", "Only default addresses, or only the others.", value => a => a.IsDefault == value)
        .Text(
            "country", "The country: alpha-2, alpha-3 or a usual name.", "USA", Country,
            "a country: ISO 3166-1 alpha-2 or alpha-3, or a usual name")
        .Text("state", "The state as it is stored; matches regardless of case and accents.", "NY", State)
        .Text("city", "Part of the city's name, regardless of case and accents.", "York", City)
        .Text("postal_code", "The postal code as it is stored, regardless of case.", "10001", PostalCode)
        .Text(
            "phone", "The phone number, however it is punctuated.", "+1234567890", Phone,
            "a phone number with its country code, such as +1234567890")
        .Integer("customer", "The addresses of one customer, if the caller may see them.", value => a => a.CustomerId == value)
        .Instant("updated_after", "Changed at or after this instant.", value => a => a.UpdatedAt >= value)
        .Instant("updated_before", "Changed at or before this instant.", value => a => a.UpdatedAt <= value)
        .Order("created_at", a => a.CreatedAt)
        .Order("updated_at", a => a.UpdatedAt)
        .Order("is_default", a => a.IsDefault);

    public static void Map(IEndpointRouteBuilder api)
    {
        var addresses = api.MapGroup("/api/customers/addresses").WithId("addresses", "The address's id.", 456)
            .WithTag("Addresses", "Billing and shipping addresses, validated by the rules of their country.");
        addresses.MapGet("/", ListAddresses).WithName(nameof(ListAddresses)).For(Who.Authenticated, KeyScope.AddressesRead).Lists(List).Answers(400, 404)
            .MayReadReplica();
        addresses.MapPost("/", CreateAddress).WithName(nameof(CreateAddress)).For(Who.Authenticated, KeyScope.AddressesWrite)
            .Creates().Answers("too_many_addresses");
        addresses.MapGet("/{id:long}/", GetAddress).WithName(nameof(GetAddress)).For(Who.OwnerOrAdmin, KeyScope.AddressesRead).Answers(404);
        addresses.MapPut("/{id:long}/", ReplaceAddress).WithName(nameof(ReplaceAddress)).For(Who.OwnerOrAdmin, KeyScope.AddressesWrite)
            .Answers(400, 404, 412, 415);
        addresses.MapPatch("/{id:long}/", UpdateAddress).WithName(nameof(UpdateAddress)).For(Who.OwnerOrAdmin, KeyScope.AddressesWrite)
            .Answers(400, 404, 412, 415);
        addresses.MapDelete("/{id:long}/", DeleteAddress).WithName(nameof(DeleteAddress)).For(Who.OwnerOrAdmin, KeyScope.AddressesWrite).Answers(404, 412);
        addresses.MapPost("/{id:long}/set_default/", SetDefaultAddress).WithName(nameof(SetDefaultAddress)).For(Who.OwnerOrAdmin, KeyScope.AddressesWrite)
            .Answers(404, 409, 422);
        CountriesEndpoints.Map(addresses);
    }

    /// <summary>List addresses</summary>
    /// <remarks>Customers see their own addresses, admins see all. Default addresses come first, then the newest.</remarks>
    internal static Task<Results<PageResult<AddressResponse>, Problem>> ListAddresses(ListQuery list, Caller caller, CancellationToken cancellationToken) =>
        list.PageAsync(
            List,
            caller.IsAdmin ? caller.Addresses.TagWith("scatter: the admin's list") : caller.Addresses,
            a => a.ToResponse(),
            cancellationToken);

    /// <summary>Add an address</summary>
    /// <remarks>
    /// Adds an address for the caller. An admin may name another customer. The service checks the parts by the rules of the country. A customer's
    /// first address of a type becomes the default. By default a customer has at most 100 addresses.
    /// </remarks>
    internal static async Task<Results<Resource<AddressResponse>, Problem>> CreateAddress(
        Body<AddressRequest> body, Caller caller, AddressBook book, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        book.Check(request, errors);
        errors.Require(
            request.Customer is not null || caller.Id is not null || errors.Has("customer"), "customer", "An API key must name the customer of the address.");
        return errors.Any ? Problems.Invalid(errors) : await book.AddAsync(request.Customer ?? caller.Id!.Value, request, cancellationToken);
    }

    /// <summary>Get an address</summary>
    /// <remarks>Customers get their own, admins get all.</remarks>
    internal static async Task<Results<Resource<AddressResponse>, Problem>> GetAddress(long id, Caller caller, CancellationToken cancellationToken)
    {
        var addresses = caller.IsAdmin ? caller.Addresses.TagWith("scatter: an admin knows the address only by its id") : caller.Addresses;
        return await addresses.SingleOrDefaultAsync(a => a.Id == id, cancellationToken) is { } address
            ? new Resource<AddressResponse>(address.ToResponse(), address.Version)
            : Problems.NotFound();
    }

    /// <summary>Replace an address</summary>
    /// <remarks>Members that are left out get their defaults. Without is_default the address is no longer a default.</remarks>
    internal static Task<Results<Resource<AddressResponse>, Problem>> ReplaceAddress(
        long id, Body<AddressRequest> body, HttpContext context, AddressBook book, CancellationToken cancellationToken) =>
        book.ChangeAsync(id, body, replace: true, context.Request, cancellationToken);

    /// <summary>Update an address</summary>
    /// <remarks>A JSON merge patch (RFC 7396): members that are left out do not change, and null removes a value.</remarks>
    internal static Task<Results<Resource<AddressResponse>, Problem>> UpdateAddress(
        long id, Body<AddressRequest> body, HttpContext context, AddressBook book, CancellationToken cancellationToken) =>
        book.ChangeAsync(id, body, replace: false, context.Request, cancellationToken);

    /// <summary>Delete an address</summary>
    /// <remarks>If the address was a default, the newest remaining address of its type becomes the default.</remarks>
    internal static Task<Results<NoContent, Problem>> DeleteAddress(long id, HttpContext context, AddressBook book, CancellationToken cancellationToken) =>
        book.RemoveAsync(id, context.Request, cancellationToken);

    /// <summary>Make an address the default of its type</summary>
    /// <remarks>Returns the address. A customer always has at most one default of each type, however many requests run at once.</remarks>
    internal static Task<Results<Resource<AddressResponse>, Problem>> SetDefaultAddress(long id, AddressBook book, CancellationToken cancellationToken) =>
        book.SetDefaultAsync(id, cancellationToken);

    public static string Location(long id) => string.Create(CultureInfo.InvariantCulture, $"/api/customers/addresses/{id}/");

    private static Expression<Func<Address, bool>>? Country(string text)
    {
        if (CountryRules.Default.Find(text)?.Alpha3 is not { } country)
        {
            return null;
        }

        return a => a.Country == country;
    }

    private static Expression<Func<Address, bool>> State(string text)
    {
        var state = TextFolding.Fold(text);
        return a => a.StateFolded == state;
    }

    private static Expression<Func<Address, bool>> PostalCode(string text)
    {
        var code = TextFolding.NameKey(text);
        return a => a.PostalCodeKey == code;
    }

    private static Expression<Func<Address, bool>>? Phone(string text) =>
        Customers.PhoneNumbers.TryNormalise(text, region: null, out var phone) ? a => a.Phone == phone : null;

    private static Expression<Func<Address, bool>> City(string text)
    {
        var city = TextFolding.Fold(text);
        return a => a.CityFolded.Contains(city);
    }
}
