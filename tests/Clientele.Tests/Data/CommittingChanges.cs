using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.History;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Data;

/// <summary>A transaction is committed together with its last changes, or not at all.</summary>
public sealed class CommittingChanges(ClienteleApp app)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_that_fails_takes_the_others_back_although_the_commit_is_sent_with_it()
    {
        var customer = await app.CustomerAsync();
        var number = $"twice-{customer.Id}";
        await app.WithDatabaseAsync(async db =>
        {
            db.Add(new OrderNumber { Number = number, CustomerId = customer.Id });
            return await db.SaveChangesAsync(Token);
        });

        await Assert.ThrowsAsync<DbUpdateException>(() => RunAsync(async db =>
        {
            (await db.LockAsync<Customer>(customer.Id, Token))!.FirstName = "Grace";
            db.Add(new OrderNumber { Number = number, CustomerId = customer.Id });
        }));

        Assert.NotEqual("Grace", (string?)(await customer.Get(customer.Url)).Expect(200)["first_name"]);
    }

    [Fact]
    public async Task A_change_whose_row_is_gone_takes_the_others_back()
    {
        var customer = await app.CustomerAsync();
        var number = $"gone-{customer.Id}";
        var address = (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => RunAsync(async db =>
        {
            var row = await db.Addresses.AsTracking().SingleAsync(a => a.CustomerId == customer.Id, Token);
            await db.Addresses.Where(a => a.CustomerId == customer.Id).ExecuteDeleteAsync(Token);
            row.City = "Paris";
            db.Add(new OrderNumber { Number = number, CustomerId = customer.Id });
        }));

        Assert.False(await app.WithDatabaseAsync(db => db.OrderNumbers.AnyAsync(n => n.Number == number, Token)));
        (await customer.Get($"/api/customers/addresses/{address["id"]}/")).Expect(200);
    }

    private async Task RunAsync(Func<ClienteleDb, Task> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(() => work(db), Token);
    }
}
