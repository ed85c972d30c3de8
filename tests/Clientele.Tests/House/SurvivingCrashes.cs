using System.Collections.Concurrent;
using System.Net;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Whenever the process is killed, everything acknowledged stays, and nothing is half done.</summary>
public sealed class SurvivingCrashes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_acknowledged_write_survives_a_kill_at_any_instant()
    {
        var (database, _) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        var (usernames, addresses) = (new ConcurrentBag<string>(), new ConcurrentBag<long>());
        var owner = new Actor(new HttpClient());
        for (var round = 0; round < 3; round++)
        {
            await using var server = await ServerProcess.ServeAsync(
                database.ConnectionString, "--RateLimits:Registration=100000", "--Addresses:PerCustomer=10000");
            owner = round == 0 ? await OwnerAsync(server, usernames) : As(server, owner);
            var (registered, added) = (usernames.Count, addresses.Count);

            var writers = Enumerable.Range(0, 8)
                .Select(i => UntilKilledAsync(() => i % 2 == 0 ? RegisterAsync(server, usernames) : AddAsync(owner, addresses)))
                .ToList();
            await Wait.UntilAsync(
                () => Task.FromResult(usernames.Count >= registered + 4 && addresses.Count >= added + 10 + (round * 7)),
                Patience,
                "enough writes before the kill");
            await server.KillAsync();
            await Task.WhenAll(writers);
        }

        await using var again = await ServerProcess.ServeAsync(database.ConnectionString);
        (await As(again, owner).Get(owner.Url)).Expect(200);
        await Consistency.ExpectAsync(database);
        Assert.Equal(usernames.Count, await database.CountAsync($"SELECT COUNT(*) FROM customers WHERE username IN ('{string.Join("', '", usernames)}')"));
        Assert.Equal(addresses.Count, await database.CountAsync($"SELECT COUNT(*) FROM addresses WHERE id IN ({string.Join(", ", addresses)})"));
    }

    private static async Task UntilKilledAsync(Func<Task<bool>> write)
    {
        try
        {
            while (await write())
            {
                // As fast as possible.
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            // No response: it may have happened or not, but not partly.
        }
    }

    private static async Task<bool> RegisterAsync(ServerProcess server, ConcurrentBag<string> acknowledged)
    {
        var username = $"writer-{Guid.NewGuid():n}";
        var answer = await new Actor(server.Client).Post("/api/customers/register/", Given.Registration(username));

        // A busy service may ask to try again later: then nothing was acknowledged.
        if (answer.Status != HttpStatusCode.ServiceUnavailable)
        {
            Assert.Equal(HttpStatusCode.Created, answer.Status);
            acknowledged.Add(username);
        }

        return true;
    }

    private static async Task<bool> AddAsync(Actor owner, ConcurrentBag<long> acknowledged)
    {
        var answer = await owner.Post(
            "/api/customers/addresses/",
            new
            {
                address_type = "shipping",
                first_name = "Ada",
                last_name = "Lovelace",
                address_line1 = "1 Main St",
                city = "New York",
                state = "NY",
                postal_code = "10001",
                country = "USA",
                is_default = true,
            },
            ("Idempotency-Key", Guid.NewGuid().ToString()));
        acknowledged.Add((long)answer.Expect(201)["id"]);
        return true;
    }

    private static async Task<Actor> OwnerAsync(ServerProcess server, ConcurrentBag<string> acknowledged)
    {
        await RegisterAsync(server, acknowledged);
        var username = acknowledged.Single();
        var stranger = new Actor(server.Client);
        var pair = (await stranger.Post("/api/auth/token/", new { username, password = ClienteleApp.Password })).Expect(200);
        var signedIn = new Actor(server.Client) { Access = (string)pair["access"]! };
        return new Actor(server.Client) { Access = signedIn.Access, Id = (long)(await signedIn.Get("/api/customers/customers/me/")).Expect(200)["id"] };
    }

    private static Actor As(ServerProcess server, Actor actor) => new(server.Client) { Id = actor.Id, Access = actor.Access };
}
