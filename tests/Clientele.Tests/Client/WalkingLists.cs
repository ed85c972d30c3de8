using System.Reflection;
using System.Text.Json;
using Clientele.Client;
using Clientele.Server.Addresses;
using Clientele.Server.Bulk;
using Clientele.Server.Customers;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Http;
using Clientele.Server.Messages;
using Clientele.Server.Privacy;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

public sealed class WalkingLists(ClienteleApp app)
{
    [Fact]
    public async Task A_stream_goes_on_from_page_to_page_until_the_end()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Addresses:PerCustomer"] = "200" } });
        var wire = new Wiretap();
        using var client = own.Client(await own.CustomerAsync(), wire);
        var created = new List<long>();
        for (var i = 0; i < 130; i++)
        {
            created.Add((await client.Addresses.CreateAsync(new AddressRequest
            {
                AddressType = "billing",
                FirstName = "Ada",
                LastName = "Lovelace",
                AddressLine1 = $"{i} Main St",
                City = "Nassau",
                Country = "BHS",
            })).Value.Id);
        }

        var before = wire.Sent.Count;
        var walked = await client.Addresses.AllAsync(new AddressQuery { OrderBy = [AddressOrdering.CreatedAt] }).Select(address => address.Id).ToListAsync();

        Assert.Equal(created, walked);
        Assert.Equal(2, wire.Sent.Count - before);
    }

    [Fact]
    public async Task A_stream_that_is_left_early_fetches_no_more_than_it_needs()
    {
        var wire = new Wiretap();
        using var client = app.Client(await app.AdminAsync(), wire);
        await app.CustomerAsync();

        await foreach (var _ in client.Customers.AllAsync(new CustomerQuery { PageSize = 1 }))
        {
            break;
        }

        Assert.Single(wire.Sent);
    }

    [Fact]
    public async Task Cursors_lead_forward_and_back()
    {
        var ada = await app.CustomerAsync();
        var bob = await app.CustomerAsync();
        using var client = app.Client(await app.AdminAsync());
        var query = new CustomerQuery { Ids = [ada.Id, bob.Id], OrderBy = [CustomerOrdering.DateJoined], PageSize = 1, Cursor = "" };

        var first = await client.Customers.ListAsync(query);
        var second = await client.Customers.ListAsync(query with { Cursor = first.NextCursor });
        var again = await client.Customers.ListAsync(query with { Cursor = second.PreviousCursor });

        Assert.Equal([ada.Id, bob.Id, ada.Id], new[] { first, second, again }.Select(page => page.Results.Single().Id));
        Assert.Equal((null, null), (second.NextCursor, first.PreviousCursor));
    }

    [Fact]
    public async Task Every_filter_and_ordering_of_customers_is_understood_by_the_service()
    {
        var ada = await app.CustomerAsync(with: new { gender = "female", preferred_language = "pt-BR" });
        using var client = app.Client(await app.AdminAsync());
        var now = app.Clock.GetUtcNow();

        var page = await client.Customers.ListAsync(new CustomerQuery
        {
            IsActive = true,
            IsVerified = false,
            IsVip = false,
            IsStaff = false,
            PhoneVerified = false,
            LoyaltyTier = "bronze",
            AcceptsMarketingEmail = false,
            AcceptsMarketingSms = false,
            MinOrders = 0,
            MaxOrders = 0,
            MinSpent = 0.00m,
            MaxSpent = 12.50m,
            MinPoints = 0,
            MaxPoints = 10,
            JoinedAfter = now.AddHours(-1).ToOffset(TimeSpan.FromHours(2)),
            JoinedBefore = now.AddHours(1),
            PreferredLanguage = "pt-br",
            PreferredCurrency = "USD",
            Gender = "Female",
            Ids = [ada.Id],
            Search = "ada lovelace",
            OrderBy = Enum.GetValues<CustomerOrdering>(),
            Page = 1,
            PageSize = 10,
        });
        Assert.Equal([ada.Id], page.Results.Select(customer => customer.Id));

        var nobody = await client.Customers.ListAsync(new CustomerQuery { Tag = "no such tag", Group = 1, LastOrderAfter = now, LastOrderBefore = now });
        Assert.Equal(0, nobody.Count);
    }

    [Fact]
    public void Every_parameter_of_a_list_has_a_property_in_its_query()
    {
        Same<CustomerQuery>(CustomerList.Definition);
        Same<AddressQuery>(AddressesEndpoints.List);
        Same<GroupQuery>(GroupsEndpoints.List);
        Same<OrderQuery>(OrdersEndpoints.List);
        Same<WishlistQuery>(WishlistEndpoints.List);
        Same<ReviewQuery>(ReviewsEndpoints.List);
        Same<AuditEntryQuery>(PrivacyEndpoints.List);
        Same<MessageQuery>(MessagesEndpoints.List);
        Same<BulkJobQuery>(BulkEndpoints.List);

        static void Same<T>(IListDefinition list)
            where T : PageQuery =>
            Assert.Equal(
                list.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
                typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                    .Select(property => property.Name == "OrderBy" ? "ordering" : JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
                    .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_ordering_is_understood_by_the_service()
    {
        using var client = app.Client(await app.AdminAsync());

        var query = new AddressQuery { OrderBy = Enum.GetValues<AddressOrdering>(), Country = "Germany", State = "x", IsDefault = true, Customer = 1 };
        Assert.NotNull(await client.Addresses.ListAsync(query));
        Assert.NotNull(await client.Groups.ListAsync(new GroupQuery { OrderBy = Enum.GetValues<GroupOrdering>() }));
    }
}
