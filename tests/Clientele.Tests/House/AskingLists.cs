using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The parameters of all lists, generated from the description. An app and an admin of its own.</summary>
public sealed class AskingLists(Nonsense nonsense) : IClassFixture<Nonsense>
{
    private static readonly string[] Tiers = ["bronze", "silver", "gold", "platinum"];

    private IEnumerable<Operation> All => nonsense.World.Description.Operations
        .Where(operation => nonsense.Query(operation).Any(parameter => (string)parameter["name"]! == "cursor"));

    [Fact]
    public async Task A_closed_filter_takes_its_names_in_any_case_and_refuses_other_values_with_the_names()
    {
        var asked = new List<string>();
        foreach (var operation in All)
        {
            foreach (var (name, values) in Closed(operation))
            {
                asked.Add($"{operation.Name} {name}");
                foreach (var value in values)
                {
                    await nonsense.AskAsync(operation, $"{name}={value}", 200);
                    await nonsense.AskAsync(operation, $"{name}={value.ToUpperInvariant()}", 200);
                }

                foreach (var wrong in new[] { "diamond", $"{values[0]}x", $"{values[0]},{values[^1]}", "null" })
                {
                    var problem = (await nonsense.World.Admin.Get($"{nonsense.World.PathOf(operation)}?{name}={wrong}")).ExpectProblem(400, name);
                    Assert.All(values, value => Assert.Contains(value, (string)problem["errors"][name]![0]!, StringComparison.Ordinal));
                }
            }
        }

        Assert.Equal(
            [
                "ListAddresses address_type", "ListBulkJobs state", "ListCustomers loyalty_tier", "ListHistory action", "ListHistory role",
                "ListLoyaltyEntries kind", "ListLoyaltyLots state", "ListMembers loyalty_tier", "ListMessages state", "ListMessages template",
                "ListOrders status", "ListWebhookDeliveries state", "ListWebhookDeliveries type",
            ],
            asked.Order(StringComparer.Ordinal));
        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task Everything_wrong_is_named_at_once()
    {
        var random = new Random(20261128);
        foreach (var operation in All)
        {
            var wrong = nonsense.Query(operation).Select(parameter => (Name: (string)parameter["name"]!, Value: Wrong(operation, parameter)))
                .Where(one => one.Value is not null).Append((Name: "mystery", Value: "1")).ToArray();
            for (var round = 0; round < 5; round++)
            {
                random.Shuffle(wrong);
                var chosen = wrong.Take(random.Next(2, 15)).Where(one => one.Name != "page").ToArray();

                var query = string.Join('&', chosen.Select(one => $"{one.Name}={one.Value}"));
                var problem = (await nonsense.World.Admin.Get($"{nonsense.World.PathOf(operation)}?{query}")).ExpectProblem(400);

                Assert.Equal(
                    chosen.Select(one => one.Name).Order(StringComparer.Ordinal),
                    problem["errors"].AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_refused()
    {
        foreach (var operation in All)
        {
            foreach (var name in nonsense.Query(operation).Select(parameter => (string)parameter["name"]!).Where(name => name is not ("search" or "cursor")))
            {
                await nonsense.AskAsync(operation, $"{name}=", 400, name);
                await nonsense.AskAsync(operation, name, 400, name);
            }
        }

        nonsense.AssertNothingBroke();
    }

    [Fact]
    public async Task A_search_for_nothing_that_can_be_found_does_not_find_everything()
    {
        foreach (var operation in All.Where(operation => nonsense.Query(operation).Any(parameter => (string)parameter["name"]! == "search")))
        {
            foreach (var nothing in new[] { ",", "%CC%81" })
            {
                // The number of an order may have a comma.
                var answer = await nonsense.World.Admin.Get($"{nonsense.World.PathOf(operation)}?search={nothing}");
                Assert.True((int)answer.Status == 400 || (int)answer["count"] == 0, $"{operation}: {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task A_repeated_list_of_values_is_the_same_as_one_with_commas()
    {
        var admin = nonsense.World.Admin;
        var (one, other) = (nonsense.World.Customer.Id, admin.Id);
        foreach (var operation in All.Where(operation => nonsense.Query(operation).Any(parameter => (string)parameter["name"]! == "ids")))
        {
            var path = nonsense.World.PathOf(operation);
            var joined = (await admin.Get($"{path}?ids={one},{other}")).Expect(200);

            Assert.Equal(joined.Ids(), (await admin.Get($"{path}?ids={one}&ids={other}")).Expect(200).Ids());
            Assert.Equal(joined.Ids(), (await admin.Get($"{path}?ids={one}&ids={other},{one}&cursor=")).Expect(200).Ids());
            (await admin.Get($"{path}?ids={one}&ids=")).ExpectProblem(400, "ids");
            (await admin.Get($"{path}?ids={one}&ids=x")).ExpectProblem(400, "ids");
        }

        Assert.Equal(new[] { one, other }.Order(), (await admin.Get($"{Lists.Customers}?ids={one}&ids={other}")).Ids().Order());
    }

    private IEnumerable<(string Name, string[] Values)> Closed(Operation operation)
    {
        foreach (var parameter in nonsense.Query(operation))
        {
            if (parameter["schema"]!["enum"] is JsonArray names)
            {
                yield return ((string)parameter["name"]!, [.. names.Select(name => (string)name!)]);
            }
            else if ((string)parameter["name"]! == "loyalty_tier")
            {
                yield return ("loyalty_tier", Tiers);
            }
        }
    }

    /// <summary>A value that the parameter does not take; null if it takes all texts.</summary>
    private string? Wrong(Operation operation, JsonObject parameter) => (string)parameter["name"]! switch
    {
        "cursor" => "nonsense",
        "ordering" => "nonsense",
        "page_size" => "0",
        var name when Closed(operation).Any(closed => closed.Name == name) => "diamond",
        _ when (string?)parameter["schema"]!["type"] != "string" || parameter["schema"]!["pattern"] is not null => "nonsense",
        _ => null,
    };
}
