using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>ETags work in the same way for every single resource.</summary>
public sealed class ComparingVersions(ClienteleApp app, PermissionCast cast) : IClassFixture<PermissionCast>
{
    public static TheoryData<string> Resources =>
        ["/api/customers/customers/{customer}/", "/api/customers/addresses/{address}/", "/api/customers/groups/{group}/"];

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task What_a_client_has_already_is_not_sent_again(string resource)
    {
        var url = (await cast.NewTargetAsync()).In(resource);
        var first = (await cast.Admin.Get(url)).Expect(200);
        Assert.Matches("^\"[0-9]+-[0-9a-f]+\"$", first.ETag);

        foreach (var tags in new[] { first.ETag, $"W/{first.ETag}", $"\"1-0\", {first.ETag}", "*" })
        {
            var again = (await cast.Admin.Get(url, ("If-None-Match", tags))).Expect(304);
            Assert.Equal(first.ETag, again.ETag);
            Assert.Empty(again.Text);
        }

        (await cast.Admin.Get(url, ("If-None-Match", "\"1-0\""))).Expect(200);
        (await cast.Admin.Get(url, ("If-None-Match", first.ETag.Trim('"')))).Expect(200);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task Only_who_has_read_the_present_version_may_change_it(string resource)
    {
        var url = (await cast.NewTargetAsync()).In(resource);
        var body = Change(resource, 1);
        var first = (await cast.Admin.Get(url)).Expect(200);

        foreach (var stale in new[] { "\"0-0\"", $"\"99-{first.ETag.Split('-')[1]}", "nonsense", "\"1\"" })
        {
            Assert.Equal("stale_version", (await cast.Admin.Patch(url, body, ("If-Match", stale))).ExpectProblem(412).Code);
            (await cast.Admin.Delete(url, ("If-Match", stale))).ExpectProblem(412);
        }

        var second = (await cast.Admin.Patch(url, body, ("If-Match", first.ETag))).Expect(200);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(second.ETag, (await cast.Admin.Get(url)).ETag);
        (await cast.Admin.Patch(url, Change(resource, 2), ("If-Match", first.ETag))).ExpectProblem(412);
        (await cast.Admin.Patch(url, Change(resource, 2), ("If-Match", $"\"0-0\", {second.ETag}"))).Expect(200);
        (await cast.Admin.Patch(url, Change(resource, 3), ("If-Match", "*"))).Expect(200);
        (await cast.Admin.Delete(url, ("If-Match", second.ETag))).ExpectProblem(412);
        (await cast.Admin.Delete(url, ("If-Match", (await cast.Admin.Get(url)).ETag))).Expect(204);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_change_that_changes_nothing_leaves_the_version(string resource)
    {
        var url = (await cast.NewTargetAsync()).In(resource);
        var first = (await cast.Admin.Get(url)).Expect(200);

        var same = (await cast.Admin.Patch(url, first.Text)).Expect(200);

        Assert.Equal(first.ETag, same.ETag);
        Assert.Equal(first.Text, same.Text);
        Assert.Equal(first.Text, (await cast.Admin.Put(url, first.Text, ("If-Match", first.ETag))).Expect(200).Text);
    }

    [Fact]
    public async Task A_login_leaves_the_customers_version()
    {
        var customer = await app.CustomerAsync();
        var before = (await customer.Get(customer.Url)).ETag;

        await app.SignInAsync(customer.Username, customer.Password);

        Assert.Equal(before, (await customer.Get(customer.Url)).ETag);
    }

    private static object Change(string resource, int value) => resource.Split('/')[3] switch
    {
        "customers" => new { gender = $"g{value}" },
        "addresses" => new { company = $"Company {value}" },
        _ => new { description = $"Description {value}" },
    };
}
