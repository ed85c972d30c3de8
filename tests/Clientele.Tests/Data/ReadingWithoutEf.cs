using System.Reflection;
using System.Text.Json;
using Clientele.Client;
using Clientele.Server.Addresses;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Http;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.Extensions.DependencyInjection;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Data;

/// <summary>Statements that are read without EF Core's queries fit the schema, and give what EF Core gives.</summary>
public sealed class ReadingWithoutEf(ClienteleApp app)
{
    [Fact]
    public async Task Every_statement_fits_the_schema()
    {
        var batches = typeof(ReadBatch).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(ReadBatch)).Select(field => (ReadBatch)field.GetValue(null)!).ToList();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();

        Assert.NotEmpty(batches);
        foreach (var batch in batches)
        {
            await using var results = await batch.SendAsync(db, TestContext.Current.CancellationToken, ("@id", 0L), ("@counter", "none"));
            foreach (var _ in batch.Sql.Split(";\n"))
            {
                await results.AllAsync(_ => 0);
            }
        }
    }

    /// <summary>Every column has another value, so that swapped columns are noticed. Any two booleans differ in one of the patterns.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_customer_is_read_as_EF_Core_reads_it(int pattern)
    {
        await using var own = await ClienteleApp.StartAsync();
        var (admin, group) = (await own.AdminAsync(), await own.GroupAsync());
        var id = await own.RegisterAsync($"customer{pattern}");
        (await admin.Post("/api/customers/addresses/", Given.Address(customer: id))).Expect(201);
        (await admin.Post($"{Url(group)}add_member/", new { customer_id = id })).Expect(200);
        await using var scope = own.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var customer = await db.Customers.AsTracking().SingleAsync(c => c.Id == id, TestContext.Current.CancellationToken);
        var address = await db.Addresses.AsTracking().SingleAsync(a => a.CustomerId == id, TestContext.Current.CancellationToken);
        var member = await db.Groups.AsTracking().SingleAsync(g => g.Id == group, TestContext.Current.CancellationToken);
        Fill(db.Entry(customer), pattern);
        Fill(db.Entry(address), pattern);
        Fill(db.Entry(member), pattern);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        var batch = new ReadBatch($"SELECT {CustomerRows.ShownToAdmins} FROM customers WHERE id = @id", Address.OfCustomer, Group.OfCustomer);
        await using var results = await batch.SendAsync(db, TestContext.Current.CancellationToken, ("@id", id));
        var read = (await results.FirstAsync(row => CustomerRows.Read(row, admin: true)))!;
        Assert.Equal(customer.Version, read.Version);
        Assert.Equal(Json(customer.ToResponse([], [], [])), Json(read.ToResponse([], [], [])));
        Assert.Equal(Json(address.ToResponse()), Json(Assert.Single(await results.AllAsync(Address.ReadResponse))));
        Assert.Equal(
            new CustomerGroup
            {
                Id = group,
                Name = member.Name,
                DiscountPercentage = member.DiscountPercentage / 100m,
                PrioritySupport = member.PrioritySupport,
                FreeShipping = member.FreeShipping,
            },
            Assert.Single(await results.AllAsync(Group.ReadForMember)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("total_orders")]
    [InlineData("-last_order_date,total_spent")]
    [InlineData("last_order_date")]
    public async Task The_whole_list_is_read_as_EF_Core_reads_it(string ordering)
    {
        await using var own = await ClienteleApp.StartAsync();
        for (var pattern = 0; pattern < 5; pattern++)
        {
            await own.RegisterAsync($"customer{pattern}");
        }

        await using var scope = own.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var some = await db.Customers.TagWith("scatter: a test").AsTracking().OrderBy(c => c.Id).Take(3).ToListAsync(TestContext.Current.CancellationToken);
        foreach (var customer in some)
        {
            Fill(db.Entry(customer), (int)customer.Id % 3);
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var sorts = CustomerList.Definition.Sorts(ordering, new Errors());
        var expected = await db.Customers.TagWith("scatter: a test").InOrder(sorts, backwards: false).Select(Customer.AsSummary)
            .ToListAsync(TestContext.Current.CancellationToken);

        var (first, count) = await CustomerRows.List.ReadAsync(db, sorts, 0, 2, TestContext.Current.CancellationToken);
        var (rest, _) = await CustomerRows.List.ReadAsync(db, sorts, 2, 100, TestContext.Current.CancellationToken);

        Assert.Equal(expected, first.Concat(rest));
        Assert.Equal(expected.Count, count);
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Wire.For<T>(admin: true));

    private static void Fill(EntityEntry entry, int pattern)
    {
        var (number, flag) = (0, 0);
        foreach (var property in entry.Properties.Where(property => !property.Metadata.IsPrimaryKey()))
        {
            number++;
            var type = Nullable.GetUnderlyingType(property.Metadata.ClrType) ?? property.Metadata.ClrType;
            property.CurrentValue = property.Metadata.Name switch
            {
                nameof(Customer.Metadata) => """{"colour": "blue"}""",
                nameof(Group.AssignmentRules) => "{}",
                nameof(Customer.LoyaltyDebt) => 0L,
                nameof(Customer.LoyaltyDueAt) or nameof(Customer.TierLockedUntil) => null,
                var name when type == typeof(string) => name,
                _ when type == typeof(bool) => ((flag++ >> pattern) & 1) == 1,
                _ when type == typeof(int) => number,
                _ when type == typeof(long) => (long)number,
                _ when type == typeof(DateOnly) => new DateOnly(2000, 1, 1).AddDays(number),
                _ when type == typeof(DateTime) => new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(number),
                _ => property.CurrentValue,
            };
        }
    }
}
