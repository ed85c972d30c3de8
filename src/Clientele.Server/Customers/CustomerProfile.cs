using Clientele.Server.Addresses;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Http;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Customers;

/// <summary>The full representation of one customer: the row and its children, each read by its own customer_id.</summary>
internal sealed class CustomerProfile(ClienteleDb db, Caller caller)
{
    private static readonly Func<ClienteleDb, long, Task<Customer?>> FindCustomer = EF.CompileAsyncQuery(
        (ClienteleDb db, long id) => db.Customers.SingleOrDefault(c => c.Id == id));

    private static readonly Func<ClienteleDb, long, IAsyncEnumerable<Address>> FindAddresses = EF.CompileAsyncQuery(
        (ClienteleDb db, long id) => db.Addresses.Where(a => a.CustomerId == id)
            .OrderByDescending(a => a.IsDefault).ThenByDescending(a => a.CreatedAt).ThenByDescending(a => a.Id).AsQueryable());

    private static readonly Func<ClienteleDb, long, IAsyncEnumerable<CustomerGroup>> FindGroups = EF.CompileAsyncQuery(
        (ClienteleDb db, long id) => db.Memberships.Where(m => m.CustomerId == id && m.IsMember)
            .Join(db.Groups, m => m.GroupId, g => g.Id, (m, g) => g).OrderBy(g => g.NameKey).Select(Group.AsCustomerGroup));

    public async Task<Resource<CustomerResponse>?> FindAsync(long id, CancellationToken cancellationToken) =>
        await FindCustomer(db, id) is { } customer ? await ResourceAsync(customer, cancellationToken) : null;

    public async Task<Resource<CustomerResponse>> ResourceAsync(Customer customer, CancellationToken cancellationToken)
    {
        var addresses = new List<AddressResponse>();
        await foreach (var address in FindAddresses(db, customer.Id).WithCancellation(cancellationToken))
        {
            addresses.Add(address.ToResponse());
        }

        var groups = new List<CustomerGroup>();
        await foreach (var group in FindGroups(db, customer.Id).WithCancellation(cancellationToken))
        {
            groups.Add(group);
        }

        var tags = caller.IsAdmin ? await TagsAsync(customer.Id, cancellationToken) : [];
        return new(customer.ToResponse(groups, addresses, tags), customer.Version);
    }

    public Task<List<string>> TagsAsync(long id, CancellationToken cancellationToken) =>
        db.CustomerTags.Where(t => t.CustomerId == id).OrderBy(t => t.TagKey).Select(t => t.Tag).ToListAsync(cancellationToken);
}
