using System.Reflection;
using System.Text.RegularExpressions;
using Clientele.Client;
using Clientele.Server.Messages;
using Clientele.Tests.Support;
using Clientele.Tests.Webhooks;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Clientele.Tests.House;

/// <summary>Rules for the code that no analyzer checks.</summary>
[Trait("Database", "Any")]
public sealed partial class WritingCode(ClienteleApp app)
{
    [Fact]
    public void The_service_has_no_clock_but_TimeProvider() => Assert.Empty(Lines("src", Clock()));

    [Fact]
    public void Random_ids_are_made_where_entities_and_tokens_are_made() => Assert.All(
        Lines("src/Clientele.Server", NewGuid()),
        line => Assert.Matches("/Customers/Customer.cs|/Accounts/|/Messages/Outbox.cs|/Bulk/BulkJobs.cs|/Webhooks/|/Demo/", line));

    [Fact]
    public void Nothing_waits_by_blocking_a_thread() => Assert.Empty(Lines("src", Blocking()));

    [Fact]
    public void No_statement_of_ours_says_star_or_skips_locked_rows() => Assert.Empty(Lines("src/Clientele.Server", StarOrSkip()));

    [Fact]
    public void Nothing_is_async_and_void() => Assert.Empty(Lines("src", AsyncVoid()).Concat(Lines("tests", AsyncVoid())));

    /// <summary>Playwright looks once and then waits for a navigation: it misses one in between. Expect(page).ToHaveURLAsync looks again.</summary>
    [Fact]
    public void Nothing_waits_for_an_address_by_a_navigation() => Assert.Empty(Lines("tests", WaitForUrl()).Concat(Lines("bench", WaitForUrl())));

    [Fact]
    public void The_client_references_nothing_of_ours_and_no_web_framework()
    {
        var references = typeof(CustomerResponse).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.All(references, name => Assert.Matches("^(System.*|Microsoft.Extensions.(Http|DependencyInjection.Abstractions))$", name));
    }

    [Fact]
    public void Every_endpoint_has_a_name_and_a_summary()
    {
        Assert.All(
            app.MappedEndpoints(),
            mapped => Assert.False(string.IsNullOrEmpty(mapped.Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName), mapped.Call));

        var summaries = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "clientele.xml"));
        var handlers = app.MappedEndpoints().Select(mapped => mapped.Endpoint.Metadata)
            .Where(metadata => metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
            .Select(metadata => metadata.GetMetadata<MethodInfo>())
            .OfType<MethodInfo>()
            .Where(handler => handler.DeclaringType!.Assembly == typeof(Program).Assembly);
        foreach (var handler in handlers)
        {
            Assert.Matches($@"<member name=""M:{Regex.Escape(handler.DeclaringType!.FullName!)}\.{handler.Name}[("" ][^>]*>\s*<summary>\s*\S", summaries);
        }
    }

    [Fact]
    public void No_page_of_the_documentation_knows_this_machine() =>
        Assert.Empty(Documents().SelectMany(file => file.Lines.Where(line => MachinePath().IsMatch(line)).Select(line => $"{file.Path}: {line}")));

    [Fact]
    public async Task Every_list_has_pages_of_at_most_a_hundred()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var customers = new List<long>();
        for (var i = 0; i < 101; i++)
        {
            var customer = await own.RegisterAsync($"customer{i}");
            customers.Add(customer);
            (await admin.Post("/api/customers/addresses/", Given.Address(customer: customer))).Expect(201);
            var ofCustomer = (await admin.Post("/api/customers/groups/", new { name = $"Group {customer}" })).Expect(201);
            (await admin.Post($"/api/customers/groups/{(long)ofCustomer["id"]}/add_member/", new { customer_id = customers[0] })).Expect(200);
            await own.KeyAsync("orders:read");
            (await admin.Post("/api/webhooks/", new { url = "https://shop.invalid/", is_active = false })).Expect(201);
        }

        var (owner, group) = (customers[0], (long)(await admin.Get("/api/customers/groups/?page_size=1")).Expect(200)["results"][0]!["id"]!);
        (await admin.Post($"/api/customers/groups/{group}/add_member/", new { customer_ids = customers })).Expect(200);
        var orders = Enumerable.Range(0, 101).Select(number => new
        {
            order_number = $"{number}",
            customer = owner,
            status = "paid",
            total = 1,
            placed_at = "2025-10-15T14:30:00Z",
            revision = 1,
        });
        (await admin.Post("/api/orders/batch/", new { orders })).Expect(200);
        for (var i = 0; i < 101; i++)
        {
            (await admin.Put($"/api/customers/customers/{owner}/wishlist/p{i}/", new { name = "Umbrella" })).Expect(201);
            (await admin.Patch($"/api/customers/customers/{owner}/", new { gender = $"g{i}" })).Expect(200);
            (await admin.Put($"/api/reviews/{i}/", new { customer = owner, product_id = "p1", rating = 5, revision = 1 })).Expect(201);
            (await admin.Post($"/api/customers/customers/{owner}/add_loyalty_points/", new { points = 1 })).Expect(200);
            var tier = i % 2 == 0 ? "gold" : "silver";
            (await admin.Post($"/api/customers/customers/{owner}/update_loyalty_tier/", new { loyalty_tier = tier, reason = "Goodwill" })).Expect(200);
            (await admin.Post("/api/customers/customers/bulk/", new { action = "add_tags", ids = new[] { owner }, tags = new[] { $"t{i}" } })).Expect(202);
            await own.WriteMessageAsync(owner, Template.PasswordChanged, "ada@example.com", ("at", "2025-10-15T14:30:00Z"));
        }

        var webhook = (string)(await admin.Get("/api/webhooks/?page_size=1")).Expect(200)["results"][0]!["id"]!;
        await own.StoreDeliveriesAsync(Guid.Parse(webhook), owner, 101);
        var lists = app.MappedEndpoints().Where(IsList).Select(mapped => mapped.Call.Split(' ')[1]).ToList();
        Assert.NotEmpty(lists);
        var paths = lists.Select(path => path.Replace("/groups/{id:long}", $"/groups/{group}", StringComparison.Ordinal)
            .Replace("{id:long}", $"{owner}", StringComparison.Ordinal).Replace("{id:guid}", webhook, StringComparison.Ordinal));
        foreach (var path in paths)
        {
            foreach (var query in new[] { "page_size=100", "page_size=101", "page_size=99999999999999999999", "page_size=1000&cursor=" })
            {
                var page = (await admin.Get($"{path}?{query}")).Expect(200);
                Assert.True(page["results"].AsArray().Count == 100, $"{path}?{query}: {page["results"].AsArray().Count}");
            }
        }
    }

    private static bool IsList(MappedEndpoint mapped) => mapped.Endpoint.Metadata.OfType<IProducesResponseTypeMetadata>()
        .Any(produces => produces.Type is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Page<>));

    private static IEnumerable<string> Lines(string folder, Regex pattern) =>
        Sources(folder).SelectMany(file => file.Lines
            .Where(line => pattern.IsMatch(Comment().Replace(line, "")))
            .Select(line => $"{file.Path}: {line.Trim()}"));

    private static IEnumerable<(string Path, string[] Lines)> Sources(params string[] folders)
    {
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal)
                && !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.EndsWith("/WritingCode.cs", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(files);
        return files.Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadAllLines(file)));
    }

    private static IEnumerable<(string Path, string[] Lines)> Documents()
    {
        var docs = Path.Combine(Repository.Root, "docs");
        return Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.Exists(docs) ? Directory.EnumerateFiles(docs, "*", SearchOption.AllDirectories) : [])
            .Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadAllLines(file)));
    }

    [GeneratedRegex(@"//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bWaitForURLAsync\b|\bWaitForNavigationAsync\b")]
    private static partial Regex WaitForUrl();

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(UtcNow|Now|Today)\b|\bEnvironment\.TickCount", RegexOptions.ExplicitCapture)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(SELECT|RETURNING)\s+(DISTINCT\s+)?(\w+\.)?\*|\bSKIP\s+LOCKED\b", RegexOptions.ExplicitCapture)]
    private static partial Regex StarOrSkip();

    [GeneratedRegex(@"\bGuid\.(NewGuid|CreateVersion7)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex NewGuid();

    [GeneratedRegex(@"(Task|Async\([^)]*\))\.Result\b|\.Wait\(|\.GetAwaiter\(\)\.GetResult\(\)|\bThread\.Sleep\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"/(home|Users|root|work|tmp/claude)/\w", RegexOptions.ExplicitCapture)]
    private static partial Regex MachinePath();
}
