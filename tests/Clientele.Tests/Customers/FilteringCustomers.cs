using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

public sealed class FilteringCustomers(Population population) : IClassFixture<Population>
{
    public static TheoryData<string> Filters => [.. ListModel.Filters.Keys];

    public static TheoryData<string> Orderings =>
    [
        .. ListModel.Orderings, .. ListModel.Orderings.Select(key => "-" + key),
        "total_orders,-total_spent", "-total_orders,last_order_date", "-last_order_date,total_orders", "last_order_date,-date_joined,total_spent",
        "name,-updated_at", "-email,name", "updated_at,name",
    ];

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Every_filter_lets_through_whom_the_model_lets_through(string name)
    {
        await population.ReadyAsync();
        var filter = ListModel.Filters[name];

        foreach (var value in filter.Values(population))
        {
            var expected = ListModel.Ordered(population.People.Where(person => filter.LetsThrough(person, value)), "-date_joined");

            var found = await population.Admin.AllIdsAsync(Lists.Customers, (name, value));

            Assert.True(expected.SequenceEqual(found), $"{name}={value}: expected {string.Join(' ', expected)}, got {string.Join(' ', found)}");
        }
    }

    [Fact]
    public async Task Every_filter_tells_customers_apart()
    {
        await population.ReadyAsync();

        // Otherwise the test above would prove little.
        Assert.All(ListModel.Filters, filter => Assert.Contains(
            filter.Value.Values(population),
            value => population.People.Count(person => filter.Value.LetsThrough(person, value)) is > 0 and < Population.Size));
    }

    [Fact]
    public async Task The_model_knows_every_filter_of_the_list()
    {
        await population.ReadyAsync();

        var problem = (await population.Admin.Get(Lists.Customers + "?mystery=1")).ExpectProblem(400, "mystery");

        var message = (string)problem["errors"]["mystery"]![0]!;
        string[] known = [.. ListModel.Filters.Keys, "search", "ordering", "page", "page_size", "cursor"];
        Assert.Equal(known.Order(), message[(message.IndexOf("It takes ", StringComparison.Ordinal) + 9)..].TrimEnd('.').Split(", ").Order());
    }

    [Theory]
    [MemberData(nameof(Orderings))]
    public async Task Every_ordering_puts_missing_values_last_and_ties_by_id(string ordering)
    {
        await population.ReadyAsync();

        var found = await population.Admin.AllIdsAsync(Lists.Customers, ("ordering", ordering));

        Assert.Equal(ListModel.Ordered(population.People, ordering), found);
    }

    [Fact]
    public async Task Without_an_ordering_the_newest_come_first()
    {
        await population.ReadyAsync();

        Assert.Equal(ListModel.Ordered(population.People, "-date_joined"), await population.Admin.AllIdsAsync(Lists.Customers));
    }

    [Fact]
    public async Task Filters_and_orderings_combine()
    {
        await population.ReadyAsync();
        var random = new Random(4711);
        for (var query = 0; query < 200; query++)
        {
            var names = ListModel.Filters.Keys.ToArray();
            random.Shuffle(names);
            var chosen = names.Take(random.Next(1, 5)).Select(name =>
            {
                var values = ListModel.Filters[name].Values(population);
                return (Name: name, Value: values[random.Next(values.Length)]);
            }).ToList();
            var ordering = ListModel.RandomOrdering(random);
            var expected = ListModel.Ordered(
                population.People.Where(person => chosen.TrueForAll(one => ListModel.Filters[one.Name].LetsThrough(person, one.Value))), ordering);

            var found = await population.Admin.AllIdsAsync(Lists.Customers, [.. chosen, ("ordering", ordering)]);

            Assert.True(
                expected.SequenceEqual(found),
                $"{string.Join('&', chosen)} by {ordering}: expected {string.Join(' ', expected)}, got {string.Join(' ', found)}");
        }
    }

    [Fact]
    public async Task The_list_shows_what_the_model_knows()
    {
        await population.ReadyAsync();
        var rows = (await population.Admin.PagesAsync(Lists.Customers + "?page_size=100"))
            .SelectMany(page => page.Results())
            .ToDictionary(row => (long)row["id"]!);

        Assert.All(population.People, person =>
        {
            var row = rows[person.Id];
            Assert.Equal(
                [
                    "id", "uuid", "username", "email", "full_name", "phone", "is_active", "is_verified", "is_vip", "loyalty_tier",
                    "loyalty_points", "total_orders", "total_spent", "last_order_date", "date_joined", "updated_at",
                ],
                row.AsObject().Select(member => member.Key));
            var name = $"{person.FirstName} {person.LastName}".Trim();
            Assert.Equal(name.Length > 0 ? name : person.Username, (string)row["full_name"]!);
            Assert.Equal((person.Username, person.Email, person.Phone), ((string)row["username"]!, (string)row["email"]!, (string?)row["phone"]));
            Assert.Equal(person.Spent.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture), (string)row["total_spent"]!);
            Assert.Equal((person.Points, person.Orders, person.Tier), ((long)row["loyalty_points"]!, (int)row["total_orders"]!, (string)row["loyalty_tier"]!));
            Assert.Equal((person.IsActive, person.IsVerified, person.IsVip), ((bool)row["is_active"]!, (bool)row["is_verified"]!, (bool)row["is_vip"]!));
        });
    }

    [Fact]
    public async Task The_members_of_a_group_are_listed_with_the_same_filters()
    {
        await population.ReadyAsync();
        var members = population.People.Where(person => person.Groups.Contains(population.Groups[0])).ToList();
        var list = $"{Lists.Groups}{population.Groups[0]}/members/";

        Assert.Equal(ListModel.Ordered(members, "-date_joined"), await population.Admin.AllIdsAsync(list));
        Assert.Equal(
            ListModel.Ordered(members.Where(person => person.IsActive && person.Orders >= 2), "total_spent"),
            await population.Admin.AllIdsAsync(list, ("is_active", "1"), ("min_orders", "2"), ("ordering", "total_spent")));
        Assert.Empty(await population.Admin.AllIdsAsync($"{Lists.Groups}{population.Groups[1]}/members/"));
    }
}
