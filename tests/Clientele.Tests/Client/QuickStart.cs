using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

/// <summary>The README of the package. Its examples are here word for word, so that they are compiled.</summary>
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

        Assert.Equal(3, examples.Count);
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
        await client.SignInAsync("johndoe", "SecureP@ssw0rd123!");
        var (me, etag) = await client.Customers.GetMeAsync();
        await client.Customers.UpdateMeAsync(new CustomerPatch { LastName = "Smith", Phone = null }, ifMatch: etag);
        Console.WriteLine($"{me.FullName} has {me.LoyaltyPoints} points.");

        var query = new CustomerQuery { LoyaltyTier = "gold", MinSpent = 1000, OrderBy = [CustomerOrdering.TotalSpentDescending] };
        await foreach (var customer in client.Customers.AllAsync(query))
        {
            Console.WriteLine(customer.FullName);
        }

        try
        {
            await client.Customers.UpdateMeAsync(new CustomerPatch { Email = "jane@example.com" });
        }
        catch (ClienteleException refused) when (refused.Code == "validation_failed")
        {
            Console.WriteLine(string.Join(' ', refused.Errors["email"]));
        }
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
