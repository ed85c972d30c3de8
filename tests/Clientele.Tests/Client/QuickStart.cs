using Clientele.Client;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Client;

/// <summary>The README of the package. Its examples are here word for word, so that they are compiled. bin/clients runs them.</summary>
public sealed class QuickStart(ClienteleApp app)
{
    [Fact]
    public void The_examples_of_the_readme_are_the_ones_that_compile_here()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "client", "README.md"));
        var source = Lines(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "client", "QuickStart.cs")));

        var examples = readme.Split("```")
            .Where(block => block.StartsWith("csharp", StringComparison.Ordinal))
            .Select(block => Lines(block["csharp".Length..]))
            .ToList();

        Assert.Equal(6, examples.Count);
        Assert.All(examples, example => Assert.Contains(example, source, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stored_session_is_enough_to_go_on()
    {
        var john = await app.CustomerAsync();
        TokenPair tokens;
        using (var client = new ClienteleClient(app.Address))
        {
            await client.SignInAsync(john.Username, john.Password);
            tokens = client.Tokens!;
        }

        using var next = new ClienteleClient(app.Address, new ClienteleClientOptions { Tokens = tokens });
        Assert.Equal(john.Id, (await next.Customers.GetMeAsync()).Value.Id);
    }

    internal static async Task FirstSteps()
    {
        using var client = new ClienteleClient(new Uri("http://localhost:8000"));
        await client.Accounts.RegisterAsync(new RegisterRequest
        {
            Username = "johndoe",
            Email = "john@example.com",
            Password = "SecureP@ssw0rd123!",
            FirstName = "John",
            LastName = "Doe",
        });
        await client.SignInAsync("johndoe", "SecureP@ssw0rd123!");
        var (me, etag) = await client.Customers.GetMeAsync();
        await client.Customers.UpdateMeAsync(new CustomerPatch { LastName = "Smith", Phone = null }, ifMatch: etag);
        Console.WriteLine($"{me.FullName} has {me.LoyaltyPoints} points.");

        using var shop = new ClienteleClient(new Uri("http://localhost:8000"));
        await shop.SignInAsync("admin", "SecureP@ssw0rd123!");
        await shop.Orders.PutAsync("1001", new OrderRequest
        {
            Customer = me.Id,
            Status = OrderStatus.Delivered,
            Total = 163.30m,
            PlacedAt = DateTime.UtcNow,
            Revision = 1,
            Lines = [new OrderLine { LineNumber = 1, ProductId = "p-100", Name = "Red T-shirt, M", Quantity = 2, UnitPrice = 81.65m }],
        });

        var rule = Rule.All(
            Rule.Field(CustomerField.TotalSpent).AtLeast(100),
            Rule.Related(RuleRelationName.Orders).Where(Rule.Field("total").MoreThan(20.50m)).WithinLast("placed_at", 90, RuleUnit.Day).AtLeast(1));
        var preview = await shop.Groups.PreviewAsync(new PreviewRequest { AssignmentRules = rule });
        Console.WriteLine($"{preview.Count} customers match.");
        var (group, _) = await shop.Groups.CreateAsync(new GroupRequest
        {
            Name = "Good customers",
            AutoAssign = true,
            AssignmentRules = rule,
            DiscountPercentage = 5,
        });
        var explanation = await shop.Groups.ExplainAsync(group.Id, me.Id);
        Console.WriteLine($"{me.FullName} matches: {explanation.Matches}.");

        var query = new CustomerQuery { LoyaltyTier = "gold", MinSpent = 1000, OrderBy = [CustomerOrdering.TotalSpentDescending] };
        await foreach (var customer in shop.Customers.AllAsync(query))
        {
            Console.WriteLine(customer.FullName);
        }

        try
        {
            await client.Customers.UpdateMeAsync(new CustomerPatch { Phone = "555-CALL-NOW" });
        }
        catch (ClienteleException refused) when (refused.Code == "validation_failed")
        {
            Console.WriteLine(string.Join(' ', refused.Errors["phone"]));
        }

        var services = new ServiceCollection();
        services.AddClientele(new Uri("http://localhost:8000"));
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ClienteleClient>().SignInAsync("admin", "SecureP@ssw0rd123!");
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
