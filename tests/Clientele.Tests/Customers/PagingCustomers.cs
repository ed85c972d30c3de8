using Clientele.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace Clientele.Tests.Customers;

public sealed class PagingCustomers(Population population) : IClassFixture<Population>
{
    [Theory]
    [InlineData("")]
    [InlineData("ordering=last_order_date")]
    [InlineData("ordering=-last_order_date")]
    [InlineData("ordering=total_orders,-last_order_date")]
    [InlineData("ordering=-last_order_date,total_spent,-total_orders")]
    [InlineData("ordering=-total_spent&is_active=true")]
    [InlineData("search=example&ordering=last_order_date,date_joined")]
    public async Task Pages_by_number_and_by_cursor_are_the_same_sequence_in_both_directions(string query)
    {
        await population.ReadyAsync();
        var url = $"{Lists.Customers}?{query}&page_size=7";

        var byNumber = await population.Admin.PagesAsync(url);
        var byCursor = await population.Admin.PagesAsync(url + "&cursor=");
        var back = await population.Admin.PagesAsync(byCursor[^1].Previous()!, Lists.Previous);
        var forthAgain = await population.Admin.PagesAsync(back[^1].Next()!);
        var backByNumber = await population.Admin.PagesAsync(byNumber[^1].Previous()!, Lists.Previous);

        var pages = byNumber.Select(page => page.Ids()).ToList();
        Assert.True(pages.Count > 5);
        Assert.Equal(pages.Sum(page => page.Length), pages.SelectMany(page => page).Distinct().Count());
        Assert.Equal(pages, byCursor.Select(page => page.Ids()));
        Assert.Equal(pages.SkipLast(1).Reverse(), back.Select(page => page.Ids()));
        Assert.Equal(pages.Skip(1), forthAgain.Select(page => page.Ids()));
        Assert.Equal(pages.SkipLast(1).Reverse(), backByNumber.Select(page => page.Ids()));
        Assert.Null(byCursor[0].Previous());
        Assert.Null(byCursor[0].Json["count"]);
    }

    [Theory]
    [InlineData("""["name,id",false,"\u0000","1"]""")]
    [InlineData("""["name,id",false,"\ud800","1"]""")]
    [InlineData("""["name,id",false,"\uffff","9223372036854775808"]""")]
    public async Task A_cursor_that_was_made_up_is_refused(string text)
    {
        await population.ReadyAsync();
        var cursor = WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes(text));

        (await population.Admin.Get($"/api/customers/groups/?cursor={cursor}")).ExpectProblem(400, "cursor");
    }

    [Fact]
    public async Task Links_are_absolute_and_keep_the_other_parameters()
    {
        await population.ReadyAsync();

        var page = (await population.Admin.Get(
            "/api/customers/customers?search=example%20com&is_active=True&_=123&ordering=-total_spent&page_size=5&page=2")).Expect(200);

        foreach (var (link, number) in new[] { (page.Next(), "3"), (page.Previous(), "1") })
        {
            var uri = new Uri(link!);
            Assert.Equal(population.App.Address.GetLeftPart(UriPartial.Authority), uri.GetLeftPart(UriPartial.Authority));
            Assert.Equal(Lists.Customers, uri.AbsolutePath);
            var parameters = QueryHelpers.ParseQuery(uri.Query);
            Assert.Equal(
                ["_=123", "is_active=True", "ordering=-total_spent", $"page={number}", "page_size=5", "search=example com"],
                parameters.Select(parameter => $"{parameter.Key}={parameter.Value}").Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_page_has_twenty_customers_and_at_most_a_hundred()
    {
        await population.ReadyAsync();

        Assert.Equal(20, (await population.Admin.Get(Lists.Customers)).Ids().Length);
        Assert.Equal(100, (await population.Admin.Get(Lists.Customers + "?page_size=100")).Ids().Length);
        Assert.Equal(100, (await population.Admin.Get(Lists.Customers + "?page_size=101")).Ids().Length);
        Assert.Equal(100, (await population.Admin.Get(Lists.Customers + "?page_size=99999999999999999999")).Ids().Length);
        Assert.Single((await population.Admin.Get(Lists.Customers + "?page_size=1")).Ids());
        Assert.Equal(100, (await population.Admin.Get(Lists.Customers + "?page_size=500&cursor=")).Ids().Length);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("8")]
    [InlineData("99999999999999999999")]
    public async Task A_page_below_one_or_past_the_end_is_not_found(string page)
    {
        await population.ReadyAsync();

        (await population.Admin.Get($"{Lists.Customers}?page={page}")).ExpectProblem(404);
    }

    [Fact]
    public async Task The_last_page_may_be_shorter_and_has_no_next()
    {
        await population.ReadyAsync();

        var last = (await population.Admin.Get(Lists.Customers + "?page=7")).Expect(200);

        Assert.Single(last.Ids());
        Assert.Null(last.Next());
        Assert.Equal(Population.Size + 1, (int)last["count"]);
    }

    [Fact]
    public async Task An_empty_list_has_one_empty_page()
    {
        await population.ReadyAsync();

        var page = (await population.Admin.Get(Lists.Customers + "?search=nobodyhasthisname")).Expect(200);
        var cursor = (await population.Admin.Get(Lists.Customers + "?search=nobodyhasthisname&cursor=")).Expect(200);

        Assert.Equal(0, (int)page["count"]);
        Assert.Equal((null, null), (page.Next(), page.Previous()));
        Assert.Equal((null, null), (cursor.Next(), cursor.Previous()));
        Assert.Empty(cursor.Ids());
    }

    [Theory]
    [InlineData("page_size=0", "page_size")]
    [InlineData("page_size=-5", "page_size")]
    [InlineData("page_size=ten", "page_size")]
    [InlineData("page_size=", "page_size")]
    [InlineData("page=two", "page")]
    [InlineData("page=", "page")]
    [InlineData("page=1.5", "page")]
    [InlineData("page=1&cursor=", "cursor")]
    [InlineData("cursor=rubbish", "cursor")]
    [InlineData("cursor=WyItZGF0ZV9qb2luZWQsLWlkIixmYWxzZV0", "cursor")]
    [InlineData("is_active=maybe", "is_active")]
    [InlineData("is_active=", "is_active")]
    [InlineData("is_active=yes", "is_active")]
    [InlineData("min_orders=few", "min_orders")]
    [InlineData("min_orders=1.5", "min_orders")]
    [InlineData("min_spent=1,000", "min_spent")]
    [InlineData("min_spent=10.005", "min_spent")]
    [InlineData("max_points=99999999999999999999", "max_points")]
    [InlineData("joined_after=yesterday", "joined_after")]
    [InlineData("joined_after=2025-13-01", "joined_after")]
    [InlineData("joined_after=2025-02-30", "joined_after")]
    [InlineData("joined_after=2025-10-01T12:00:00", "joined_after")]
    [InlineData("last_order_before=01.10.2025", "last_order_before")]
    [InlineData("preferred_language=not a language", "preferred_language")]
    [InlineData("preferred_currency=dollars", "preferred_currency")]
    [InlineData("group=vip", "group")]
    [InlineData("ids=1,two", "ids")]
    [InlineData("ids=1,,2", "ids")]
    [InlineData("ordering=username", "ordering")]
    [InlineData("ordering=--date_joined", "ordering")]
    [InlineData("ordering=date_joined,", "ordering")]
    [InlineData("is_vip=true&is_vip=true", "is_vip")]
    [InlineData("page=1&page=1", "page")]
    [InlineData("search=a&search=b", "search")]
    [InlineData("min_spend=1000", "min_spend")]
    [InlineData("Is_active=true", "Is_active")]
    public async Task A_parameter_that_is_not_understood_is_named(string query, string member)
    {
        await population.ReadyAsync();

        (await population.Admin.Get($"{Lists.Customers}?{query}")).ExpectProblem(400, member);
    }

    [Fact]
    public async Task Everything_wrong_is_named_at_once()
    {
        await population.ReadyAsync();

        var problem = (await population.Admin.Get(Lists.Customers + "?is_vip=2&min_orders=x&mystery=1&ordering=z&page_size=0")).ExpectProblem(400);

        Assert.Equal(["is_vip", "min_orders", "mystery", "ordering", "page_size"], problem["errors"].AsObject().Select(error => error.Key).Order());
    }

    [Theory]
    [InlineData("_=1")]
    [InlineData("_=1&_=2")]
    [InlineData("_anything=at+all&_=%00")]
    [InlineData("_")]
    public async Task Parameters_that_begin_with_an_underscore_are_ignored(string query)
    {
        await population.ReadyAsync();

        Assert.Equal(Population.Size + 1, (int)(await population.Admin.Get($"{Lists.Customers}?{query}")).Expect(200)["count"]);
    }

    [Fact]
    public async Task A_cursor_of_another_ordering_is_refused()
    {
        await population.ReadyAsync();
        var page = (await population.Admin.Get(Lists.Customers + "?cursor=&ordering=total_spent")).Expect(200);

        (await population.Admin.Get(page.Next()!.Replace("total_spent", "total_orders", StringComparison.Ordinal))).ExpectProblem(400, "cursor");
    }
}
