using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.ConsoleApp.Pages.Customers;
using Clientele.Server.Customers;
using Clientele.Server.Http;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The list of customers, its address, the query of the API and the rule of a segment mean the same.</summary>
[Trait("Database", "Any")]
public sealed class KeepingFiltersInTheAddress
{
    private static readonly string[] Tiers = ["bronze", "silver", "gold", "platinum"];
    private static readonly string[] Texts = ["press", "Été & co", "a=b", "50%", "ÅSA 李", "x+y"];

    [Fact]
    public void The_page_knows_every_filter_of_the_list() => Assert.Equal(
        CustomerList.Definition.Parameters.Select(parameter => parameter.Name).Except(["search", "ordering"]).Order(StringComparer.Ordinal),
        FilterList.All.Select(filter => filter.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Random_filters_come_back_from_their_address()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var filters = Any(new Random(seed));

            var read = CustomerFilters.Parse(filters.ToString());

            Assert.Empty(read.NotUnderstood);
            Assert.Equal(filters.ToString(), read.ToString());
            Assert.Equal((filters.Search, filters.Ordering), (read.Search, read.Ordering));
            Assert.Equal(filters.Set.Select(set => (set.Filter.Name, set.Value)), read.Set.Select(set => (set.Filter.Name, set.Value)));
        }
    }

    [Fact]
    public void Random_filters_come_back_from_the_query_of_the_api()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var filters = Any(new Random(seed));

            var sent = filters.ToQuery().ToFilters().Select(filter => $"{filter.Key}={Uri.EscapeDataString(filter.Value.GetString()!)}");

            var read = CustomerFilters.Parse(string.Join('&', sent));
            Assert.Equal(Comparable(filters), Comparable(read));
        }
    }

    [Fact]
    public void Random_filters_are_the_rule_that_the_service_makes_of_them()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var filters = Any(new Random(seed), onlyInRules: true);
            Assert.Empty(filters.NotInRule);
            var errors = new Errors();

            var rule = CustomerList.RuleOf(filters.ToString(), Tiers, "filters", errors);

            Assert.False(errors.Any, errors.Summary);
            Assert.Equal(Conditions(rule!), Conditions(filters.ToRule()));
        }
    }

    [Fact]
    public void What_no_rule_can_say_is_named()
    {
        var filters = CustomerFilters.Parse("?search=ada&ids=1,2&is_vip=true&updated_after=2025-01-01");

        Assert.Equal(["Search", "Changed, from", "IDs"], filters.NotInRule);
    }

    [Theory]
    [InlineData("?is_vip=maybe", "is_vip=maybe")]
    [InlineData("?nonsense=1", "nonsense=1")]
    [InlineData("?min_orders=", "min_orders=")]
    [InlineData("?is_vip=true&is_vip=false", "is_vip=false")]
    [InlineData("?ordering=hair", "ordering=hair")]
    [InlineData("?ids=1,x", "ids=1,x")]
    [InlineData("?joined_after=yesterday", "joined_after=yesterday")]
    public void What_cannot_be_used_is_named_and_not_ignored(string query, string part) =>
        Assert.Equal([part], CustomerFilters.Parse(query).NotUnderstood);

    [Theory]
    [InlineData("?is_vip=TRUE", "?is_vip=true")]
    [InlineData("?tag=a+b&min_orders=3", "?tag=a%20b&min_orders=3")]
    [InlineData("?ids=3%3B%201", "?ids=3%2C1")]
    [InlineData("?ordering=-total_spent", "?ordering=-total_spent")]
    [InlineData("", "")]
    public void A_typed_address_gets_one_form(string typed, string form) => Assert.Equal(form, CustomerFilters.Parse(typed).ToString());

    [Theory]
    [InlineData("min_orders", "1", "At least 1 order")]
    [InlineData("min_orders", "2", "At least 2 orders")]
    [InlineData("max_points", "0", "At most 0 points")]
    [InlineData("min_spent", "10", "Total spent at least €10.00")]
    [InlineData("is_vip", "false", "Not VIP")]
    [InlineData("group", "7", "In group: Press")]
    public void A_chip_says_one_and_many_amounts_and_names(string filter, string value, string text) =>
        Assert.Equal(text, FilterTexts.Of(FilterList.Find(filter)!, value, id => id == 7 ? "Press" : null, "EUR"));

    [Fact]
    public void A_filter_is_replaced_and_removed()
    {
        var vip = FilterList.Find("is_vip")!;
        var filters = CustomerFilters.Parse("?search=ada&ordering=email").With(vip, "true").With(vip, "false");

        Assert.Equal("?is_vip=false&search=ada&ordering=email", filters.ToString());
        Assert.Equal("?search=ada&ordering=email", filters.With(vip, null).ToString());
        Assert.Equal("?ordering=email", filters.Cleared().ToString());
    }

    private static CustomerFilters Any(Random chance, bool onlyInRules = false)
    {
        var filters = CustomerFilters.Parse("");
        foreach (var filter in FilterList.All.Where(filter => chance.Next(4) == 0 && (!onlyInRules || filter.Field is not null)))
        {
            filters = filters.With(filter, Value(filter, chance));
        }

        if (!onlyInRules && chance.Next(2) == 0)
        {
            filters = filters.WithSearch(Texts[chance.Next(Texts.Length)]);
        }

        return chance.Next(2) == 0 ? filters.WithOrdering(chance.Next(2) == 0 ? "-total_spent" : "name,-email") : filters;
    }

    private static string Value(CustomerFilter filter, Random chance) => filter.Kind switch
    {
        FilterKind.YesNo => chance.Next(2) == 0 ? "true" : "false",
        FilterKind.Tier => Tiers[chance.Next(Tiers.Length)],
        FilterKind.Count or FilterKind.Group => chance.Next(1, 100).ToString(CultureInfo.InvariantCulture),
        FilterKind.Money => (chance.Next(10_000) / 100m).ToString(CultureInfo.InvariantCulture),
        FilterKind.From or FilterKind.Until => chance.Next(2) == 0 ? "2025-02-28" : $"2025-03-0{chance.Next(1, 9)}T22:30:15Z",
        FilterKind.Uuid => new Guid(chance.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString(),
        FilterKind.Ids => $"{chance.Next(1, 9)},{chance.Next(10, 99)}",
        _ => filter.Name switch
        {
            "preferred_language" => "pt-BR",
            "preferred_currency" => "EUR",
            "phone" => "+4930123456",
            _ => Texts[chance.Next(Texts.Length)],
        },
    };

    /// <summary>Instants of both forms as instants, without the ordering.</summary>
    private static IEnumerable<string> Comparable(CustomerFilters filters) => filters.Set
        .Select(set => $"{set.Filter.Name}={(CustomerFilter.Instant(set.Value) is { } instant ? CustomerFilter.Text(instant) : set.Value)}")
        .Append(filters.Search);

    /// <summary>The conditions in any order, numbers without their form.</summary>
    private static IEnumerable<string> Conditions(JsonObject rule) =>
        JsonSerializer.SerializeToElement(rule).GetProperty("all").EnumerateArray().Select(condition => JsonNode.Parse(condition.GetRawText())!.ToJsonString())
            .Order(StringComparer.Ordinal);
}
