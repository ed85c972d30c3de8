using System.Text.Json.Nodes;
using Clientele.Server.Events;
using Clientele.Server.Privacy;
using Clientele.Server.Rules;
using Clientele.Server.Segments;

namespace Clientele.Server.Addresses;

/// <summary>All writes to a customer's addresses. Each begins by locking the customer, so that changes of defaults run one at a time.</summary>
internal sealed class AddressBook(
    ClienteleDb db,
    CustomerWrites writes,
    RequestTransaction transaction,
    AuditTrail audit,
    Caller caller,
    IdBlocks ids,
    SegmentQueue queue,
    EventLog events,
    TimeProvider clock,
    IOptions<Store> store,
    IOptions<AddressBook.Settings> settings)
{
    /// <summary>
    /// Checks the rules beyond single members, and normalises accepted values. A stored value stays valid, even if the rules have changed since, until
    /// the value or the country changes.
    /// </summary>
    public void Check(AddressRequest request, Errors errors, AddressRequest? stored = null, bool isStateSent = true)
    {
        if (request.Phone != stored?.Phone)
        {
            var region = CountryRules.Default.Find(request.Country)?.Alpha2 ?? store.Value.Region;
            request.Phone = Customers.PhoneNumbers.Check(request.Phone, region, errors);
        }

        var parts = Parts(request);
        var before = stored is null ? null : Parts(stored);
        if (parts == before)
        {
            return;
        }

        parts = before is null ? parts : AddressValidation.WithoutForeignRegion(parts, before, isStateSent);
        var result = AddressValidation.Check(parts);
        foreach (var (member, messages) in result.Errors.Where(error => !errors.Has(error.Key) && IsConcerned(error.Key, result.Parts, before)))
        {
            foreach (var message in messages)
            {
                errors.Add(member, message);
            }
        }

        (request.AddressLine1, request.AddressLine2, request.City) = (result.Parts.AddressLine1 ?? "", result.Parts.AddressLine2, result.Parts.City);
        (request.State, request.PostalCode, request.Country) = (result.Parts.State, result.Parts.PostalCode, result.Parts.Country ?? "");
    }

    public Task<Results<Resource<AddressResponse>, Problem>> AddAsync(long customerId, AddressRequest request, CancellationToken cancellationToken)
    {
        var types = new List<string>();
        var readTypes = new ReadAlong("SELECT address_type FROM addresses WHERE customer_id = @id", row => types.Add(row.GetString(0)));
        return writes.RunAsync<Resource<AddressResponse>>(
            new(customerId) { Missing = Problems.Invalid("customer", "There is no such customer."), Along = [readTypes] },
            async customer =>
            {
                if (types.Count >= settings.Value.PerCustomer)
                {
                    return new Problem("too_many_addresses", $"A customer has at most {settings.Value.PerCustomer} addresses. Delete one first.");
                }

                var now = clock.Now();
                var address = new Address
                {
                    CustomerId = customerId,
                    Id = await ids.NextAsync(IdBlocks.Addresses, cancellationToken),
                    AddressType = request.AddressType,
                    FirstName = "",
                    LastName = "",
                    AddressLine1 = "",
                    Country = "",
                    CreatedAt = now,
                    UpdatedAt = now,
                };
                Assign(address, request);
                address.IsDefault = request.IsDefault || !types.Contains(request.AddressType);
                if (address.IsDefault && types.Contains(request.AddressType))
                {
                    await ClearDefaultAsync(customer, request.AddressType, cancellationToken);
                }

                Touch(customer, address, AuditAction.AddressCreated);
                db.Add(address);
                return new Resource<AddressResponse>(address.ToResponse(), address.Version) { Location = AddressesEndpoints.Location(address.Id) };
            },
            cancellationToken);
    }

    public Task<Results<Resource<AddressResponse>, Problem>> ChangeAsync(
        long id, Body<AddressRequest> body, bool replace, HttpRequest http, CancellationToken cancellationToken) =>
        WithAddressAsync<Resource<AddressResponse>>(
            id,
            http,
            async (customer, address) =>
            {
                var errors = new Errors();
                var stored = Present(address);
                var request = body.Over(replace ? new AddressRequest() : stored with { }, errors, patch: !replace, stored);
                Check(request, errors, stored, isStateSent: replace || body.Has("state"));
                if (errors.Any)
                {
                    return Problems.Invalid(errors);
                }

                var (oldType, wasDefault, moved) = (address.AddressType, address.IsDefault, request.AddressType != address.AddressType);
                var isDefault = request.IsDefault || (moved && !await db.Addresses
                    .AnyAsync(a => a.CustomerId == customer.Id && a.AddressType == request.AddressType, cancellationToken));
                if (isDefault && (moved || !wasDefault))
                {
                    await ClearDefaultAsync(customer, request.AddressType, cancellationToken);
                }

                Assign(address, request);
                address.IsDefault = isDefault;
                if (db.Entry(address).State == EntityState.Modified)
                {
                    Update(customer, address, AuditAction.AddressUpdated);
                    await transaction.SaveAsync(cancellationToken);
                }

                if (moved && wasDefault)
                {
                    await PromoteAsync(customer, oldType, cancellationToken);
                }

                return new Resource<AddressResponse>(address.ToResponse(), address.Version);
            },
            cancellationToken);

    public Task<Results<NoContent, Problem>> RemoveAsync(long id, HttpRequest http, CancellationToken cancellationToken) =>
        WithAddressAsync<NoContent>(
            id,
            http,
            async (customer, address) =>
            {
                db.Remove(address);
                Touch(customer, address, AuditAction.AddressDeleted);
                await transaction.SaveAsync(cancellationToken);
                if (address.IsDefault)
                {
                    await PromoteAsync(customer, address.AddressType, cancellationToken);
                }

                return TypedResults.NoContent();
            },
            cancellationToken);

    public Task<Results<Resource<AddressResponse>, Problem>> SetDefaultAsync(long id, CancellationToken cancellationToken) =>
        WithAddressAsync<Resource<AddressResponse>>(
            id,
            http: null,
            async (customer, address) =>
            {
                if (!address.IsDefault)
                {
                    await ClearDefaultAsync(customer, address.AddressType, cancellationToken);
                    address.IsDefault = true;
                    Update(customer, address, AuditAction.AddressMadeDefault);
                }

                return new Resource<AddressResponse>(address.ToResponse(), address.Version);
            },
            cancellationToken);

    private Task<Results<T, Problem>> WithAddressAsync<T>(
        long id, HttpRequest? http, Func<Customer, Address, Task<Results<T, Problem>>> work, CancellationToken cancellationToken)
        where T : IResult =>
        writes.RunAsync<T>(
            new(async () => caller.IsAdmin
                ? await db.Addresses.Where(a => a.Id == id).Select(a => (long?)a.CustomerId)
                    .TagWith("scatter: an admin knows the address only by its id").SingleOrDefaultAsync(cancellationToken)
                : caller.Id),
            async customer =>
            {
                if (await db.Addresses.AsTracking().SingleOrDefaultAsync(a => a.CustomerId == customer.Id && a.Id == id, cancellationToken) is not { } address)
                {
                    return Problems.NotFound();
                }

                address.BringUpToDate();

                // Even if nothing changes, the response, which may be stored for a replay, contains this customer's data.
                transaction.Subjects.Add(customer.Id);
                return http is not null && ETags.Stale(http, address.Version) is { } stale ? stale : await work(customer, address);
            },
            cancellationToken);

    private void Update(Customer customer, Address address, string action)
    {
        address.Version++;
        address.UpdatedAt = clock.Now();
        Touch(customer, address, action);
    }

    /// <summary>Records the change and increases the version of the customer, whose representation contains the address.</summary>
    private void Touch(Customer customer, Address address, string action)
    {
        audit.Record(customer.Id, action, AuditTrail.Resource("address", address.Id), address);
        writes.IncreaseVersion(customer);
    }

    /// <summary>Runs at once, not with the other changes: the unique index on defaults is checked row by row.</summary>
    private async Task ClearDefaultAsync(Customer customer, string type, CancellationToken cancellationToken)
    {
        var cleared = await db.Database.SqlQuery<long>(
            $"""
             UPDATE addresses SET is_default = {false}, version = version + 1, updated_at = {clock.Now()}
             WHERE customer_id = {customer.Id} AND address_type = {type} AND is_default RETURNING id AS "Value"
             """).ToListAsync(cancellationToken);
        cleared.ForEach(id => Tell(customer, id, isDefault: false));
        await queue.TouchAsync(db, customer.Id, Facets.Addresses, cancellationToken);
    }

    private async Task PromoteAsync(Customer customer, string type, CancellationToken cancellationToken)
    {
        var (customerId, now) = (customer.Id, clock.Now());
        var newest = await db.Addresses.Where(a => a.CustomerId == customerId && a.AddressType == type)
            .OrderByDescending(a => a.CreatedAt).ThenByDescending(a => a.Id).Select(a => (long?)a.Id).FirstOrDefaultAsync(cancellationToken);
        if (newest is not null)
        {
            await db.Addresses.Where(a => a.CustomerId == customerId && a.Id == newest).ExecuteUpdateAsync(
                set => set.SetProperty(a => a.IsDefault, true).SetProperty(a => a.Version, a => a.Version + 1).SetProperty(a => a.UpdatedAt, now),
                cancellationToken);
            Tell(customer, newest.Value, isDefault: true);
            await queue.TouchAsync(db, customerId, Facets.Addresses, cancellationToken);
        }
    }

    /// <summary>Writes the event of an address that a statement has changed.</summary>
    private void Tell(Customer customer, long id, bool isDefault) => events.Add(
        db, customer, EventKind.AddressUpdated, Occurrence.Updated(customer.Id, id, new JsonObject { ["is_default"] = isDefault }).Data!);

    private static AddressParts Parts(AddressRequest request) =>
        new(request.AddressLine1, request.AddressLine2, request.City, request.State, request.PostalCode, request.Country);

    /// <summary>Whether the member must be checked: its own value has changed, or the country, whose rules it follows.</summary>
    private static bool IsConcerned(string member, AddressParts parts, AddressParts? before) =>
        before is null || parts.Country != before.Country || member switch
        {
            "address_line1" => parts.AddressLine1 != before.AddressLine1,
            "city" => parts.City != before.City,
            "state" => parts.State != before.State,
            "postal_code" => parts.PostalCode != before.PostalCode,
            _ => false,
        };

    private static AddressRequest Present(Address address) => new()
    {
        AddressType = address.AddressType,
        FirstName = address.FirstName,
        LastName = address.LastName,
        Company = address.Company,
        Phone = address.Phone,
        AddressLine1 = address.AddressLine1,
        AddressLine2 = address.AddressLine2,
        City = address.City,
        State = address.State,
        PostalCode = address.PostalCode,
        Country = address.Country,
        IsDefault = address.IsDefault,
    };

    private static void Assign(Address address, AddressRequest request)
    {
        address.AddressType = request.AddressType;
        address.FirstName = request.FirstName;
        address.LastName = request.LastName;
        address.Company = string.IsNullOrEmpty(request.Company) ? null : request.Company;
        address.Phone = request.Phone;
        address.AddressLine1 = request.AddressLine1;
        address.AddressLine2 = request.AddressLine2;
        address.City = request.City;
        address.State = request.State;
        address.PostalCode = request.PostalCode;
        address.Country = request.Country;
        address.DeriveKeys();
    }

    /// <summary>The settings under <c>Addresses:</c>.</summary>
    internal sealed class Settings
    {
        /// <summary>The maximum number of addresses of a customer, so that a profile stays small.</summary>
        [Range(1, 10_000)]
        public int PerCustomer { get; set; } = 100;

        /// <summary>A file with countries that replace the built-in ones; null for none.</summary>
        public string? RulesFile { get; set; }
    }
}
