using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.History;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
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
            await db.LockAsync<Customer>(customer.Id, Token);
            var row = await db.Addresses.AsTracking().SingleAsync(a => a.CustomerId == customer.Id, Token);
            await db.Addresses.Where(a => a.CustomerId == customer.Id).ExecuteDeleteAsync(Token);
            row.City = "Paris";
            db.Add(new OrderNumber { Number = number, CustomerId = customer.Id });
        }));

        Assert.False(await app.WithDatabaseAsync(db => db.OrderNumbers.AnyAsync(n => n.Number == number, Token)));
        (await customer.Get($"/api/customers/addresses/{address["id"]}/")).Expect(200);
    }

    [Fact]
    public async Task A_row_is_saved_after_the_row_that_it_refers_to()
    {
        var customer = await app.CustomerAsync();
        var number = $"order-{customer.Id}";

        await RunAsync(async db =>
        {
            await db.LockAsync<Customer>(customer.Id, Token);
            db.AddRange(Line(customer.Id, number).DeriveKeys(), Order(customer.Id, number).DeriveKeys());
        });

        Assert.Equal("Plain T-shirt", await app.WithDatabaseAsync(db => db.OrderItems
            .Where(l => l.CustomerId == customer.Id && l.OrderNumber == number).Select(l => l.Name).SingleAsync(Token)));
    }

    [Fact]
    public async Task Every_value_that_an_entity_can_have_is_read_as_it_was_saved()
    {
        var customer = await app.CustomerAsync();
        var (number, line) = ($"values-{customer.Id}", Line(customer.Id, $"values-{customer.Id}").DeriveKeys());
        var order = Order(customer.Id, number).DeriveKeys();

        await RunAsync(async db =>
        {
            await db.LockAsync<Customer>(customer.Id, Token);
            db.AddRange(order, line);
        });

        Assert.Equivalent(order, await app.WithDatabaseAsync(db => db.Orders.SingleAsync(o => o.CustomerId == customer.Id, Token)));
        Assert.Equivalent(line, await app.WithDatabaseAsync(db => db.OrderItems.SingleAsync(l => l.CustomerId == customer.Id, Token)));
    }

    /// <summary>The service writes all columns of a new row itself.</summary>
    [Fact]
    public Task No_column_gets_another_value_from_the_database_than_its_property_has() => app.WithDatabaseAsync(db =>
    {
        var columns = db.Model.GetEntityTypes().Where(type => type.ClrType != typeof(DataProtectionKey)).SelectMany(type => type.GetProperties());
        Assert.All(columns, column =>
        {
            Assert.Equal(PropertySaveBehavior.Save, column.GetBeforeSaveBehavior());
            Assert.Null(column.GetComputedColumnSql());
            Assert.Null(column.GetDefaultValueSql());
            Assert.True(!column.TryGetDefaultValue(out var value) || Equals(value, column.Sentinel), $"{column} would not be saved as it is.");
        });
        return Task.FromResult(true);
    });

    private static Order Order(long customerId, string number) => new()
    {
        CustomerId = customerId,
        OrderNumber = number,
        Status = "paid",
        Currency = "USD",
        ExchangeRate = 10_000_000_000,
        Total = 1990,
        Refunded = 0,
        Net = 1990,
        Counts = true,
        PlacedAt = new DateTime(2026, 1, 5, 10, 0, 0, 123, DateTimeKind.Utc),
        Revision = 1,
        ReceivedAt = new DateTime(2026, 1, 5, 10, 0, 1, DateTimeKind.Utc),
    };

    private static OrderItem Line(long customerId, string number) => new()
    {
        CustomerId = customerId,
        OrderNumber = number,
        LineNumber = 1,
        ProductId = "tee-01",
        Sku = null,
        Name = "Plain T-shirt",
        Category = "shirts",
        Quantity = 1,
        UnitPrice = 1990,
        RefundedQuantity = 0,
        Amount = 1990,
    };

    private async Task RunAsync(Func<ClienteleDb, Task> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(() => work(db), Token);
    }
}
