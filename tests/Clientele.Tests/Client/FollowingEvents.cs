using Clientele.Client;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

/// <summary>The SDK's stream of events.</summary>
public sealed class FollowingEvents
{
    [Fact]
    public async Task A_follower_goes_on_where_it_was_across_restarts_of_itself_and_of_the_service()
    {
        var (database, username) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        var port = TestPort();
        var server = await ServerProcess.ServeAsync(database.ConnectionString, "--urls", $"http://127.0.0.1:{port}");
        string? stored = null;
        try
        {
            using var client = new ClienteleClient(server.Address, new() { MaxRetries = 0 });
            await client.SignInAsync(username, ClienteleApp.Password, TestContext.Current.CancellationToken);

            // The first run ends in the middle of a page, so its cursor is not stored, and the second run gets the event again.
            await RegisterAsync(server, "one");
            Assert.Equal("one", (await UntilAsync(client, "one"))[^1]);
            var restarted = RestartAsync();
            var names = await UntilAsync(client, "two");
            await restarted;

            Assert.Equal(["one", "two"], names[^2..]);
        }
        finally
        {
            await server.DisposeAsync();
        }

        async Task RestartAsync()
        {
            await Wait.UntilAsync(() => Task.FromResult(stored is not null), TimeSpan.FromSeconds(60), "the follower has stored its cursor");
            await server.TerminateAsync();
            await server.DisposeAsync();
            server = await ServerProcess.ServeAsync(database.ConnectionString, "--urls", $"http://127.0.0.1:{port}");
            await RegisterAsync(server, "two");
        }

        async Task<List<string>> UntilAsync(ClienteleClient client, string last)
        {
            var names = new List<string>();
            var query = new EventQuery { Cursor = stored, Types = [EventType.CustomerRegistered], Wait = TimeSpan.FromSeconds(2) };
            await foreach (var one in client.Events.FollowAsync(Store, query, TestContext.Current.CancellationToken))
            {
                names.Add(Name(one));
                if (names[^1] == last)
                {
                    break;
                }
            }

            return names;
        }

        Task Store(string cursor, CancellationToken cancellationToken)
        {
            stored = cursor;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_follower_that_is_cancelled_ends()
    {
        await using var own = await ClienteleApp.StartAsync();
        using var client = own.Client(await own.AdminAsync());
        await own.PlaceEventsAsync();
        using var stop = new CancellationTokenSource();
        var seen = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var one in client.Events.FollowAsync((_, _) => stop.CancelAsync(), cancellationToken: stop.Token))
            {
                Assert.Equal("customer.registered", one.Type);
                seen++;
            }
        });

        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task Facts_are_read_as_the_record_of_their_type()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        (await customer.Patch(customer.Url, new { gender = "female" })).Expect(200);
        (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);
        await own.PlaceEventsAsync();
        using var client = own.Client(await own.AdminAsync());

        var page = await client.Events.ListAsync(new() { CustomerId = customer.Id, Types = [EventType.CustomerUpdated, EventType.AddressCreated] });

        Assert.Equal("female", page.Results[0].ReadData<CustomerUpdatedData>()!.Changed["gender"].GetString());
        Assert.Equal("New York", page.Results[1].ReadData<AddressResponse>()!.City);
        Assert.Equal(customer.Id, page.Results[0].CustomerId);
    }

    private static string Name(CustomerEvent one) => one.ReadData<CustomerRegisteredData>()!.Username;

    private static async Task RegisterAsync(ServerProcess server, string username) =>
        (await new Actor(server.Client).Post("/api/customers/register/", Given.Registration(username))).Expect(201);

    private static int TestPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
