using Clientele.Server.Addresses;
using Clientele.Server.Groups;

namespace Clientele.Server.Customers;

/// <summary>The full representation of one customer, in one round trip: the row and its children, each read by its own customer_id.</summary>
internal sealed class CustomerProfile(ClienteleDb db, Caller caller)
{
    private static readonly ReadBatch ForOthers = new($"SELECT {CustomerRows.Shown} FROM customers WHERE id = @id", Address.OfCustomer, Group.OfCustomer);

    private static readonly ReadBatch ForAdmins = new(
        $"SELECT {CustomerRows.ShownToAdmins} FROM customers WHERE id = @id", Address.OfCustomer, Group.OfCustomer,
        CustomerTag.OfCustomer);

    /// <summary>Reads what is in the database, and in an open transaction what it has saved.</summary>
    public async Task<Resource<CustomerResponse>?> FindAsync(long id, CancellationToken cancellationToken)
    {
        var admin = caller.IsAdmin;
        await using var results = await (admin ? ForAdmins : ForOthers).SendAsync(db, cancellationToken, ("@id", id));
        if (await results.FirstAsync(row => CustomerRows.Read(row, admin)) is not { } customer || caller.IsHidden(customer))
        {
            return null;
        }

        var addresses = await results.AllAsync(Address.ReadResponse);
        var groups = await results.AllAsync(Group.ReadForMember);
        var tags = admin ? await results.AllAsync(row => row.Text()) : [];
        return new(customer.ToResponse(groups, addresses, tags), customer.Version);
    }

    public Task<List<string>> TagsAsync(long id, CancellationToken cancellationToken) =>
        db.CustomerTags.Where(t => t.CustomerId == id).OrderBy(t => t.TagKey).Select(t => t.Tag).ToListAsync(cancellationToken);
}
