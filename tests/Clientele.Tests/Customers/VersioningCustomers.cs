using System.Globalization;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

public sealed class VersioningCustomers(ClienteleApp app)
{
    [Fact]
    public async Task The_version_moves_with_the_own_row_and_the_addresses()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var version = await VersionAsync(customer);
        Assert.Equal(1, version);

        long address = 0;
        Func<Task>[] writes =
        [
            async () => (await customer.Patch(customer.Url, new { gender = "x" })).Expect(200),
            async () => (await customer.Put(customer.Url, new { first_name = "A", last_name = "B", email = customer.Email })).Expect(200),
            async () => (await admin.Patch(customer.Url, new { tags = new[] { "t" } })).Expect(200),
            async () => (await admin.Patch(customer.Url, new { metadata = new { k = 1 } })).Expect(200),
            async () => (await admin.Patch(customer.Url, new { notes = "n" })).Expect(200),
            async () => (await admin.Post(customer.Url + "verify/")).Expect(200),
            async () => (await admin.Post(customer.Url + "make_vip/")).Expect(200),
            async () => address = (long)(await customer.Post(Lists.Addresses, Given.Address())).Expect(201)["id"],
            async () => (await customer.Post(Lists.Addresses, Given.Address())).Expect(201),
            async () => (await customer.Patch($"{Lists.Addresses}{address}/", new { company = "c" })).Expect(200),
            async () => (await customer.Patch($"{Lists.Addresses}{address}/", new { is_default = false })).Expect(200),
            async () => (await customer.Post($"{Lists.Addresses}{address}/set_default/")).Expect(200),
            async () => (await customer.Delete($"{Lists.Addresses}{address}/")).Expect(204),
        ];
        for (var i = 0; i < writes.Length; i++)
        {
            var updated = (DateTime)(await customer.Get(customer.Url))["updated_at"]!;
            app.Clock.Advance(TimeSpan.FromMilliseconds(2));
            await writes[i]();
            Assert.True(await VersionAsync(customer) == version + i + 1, $"after write {i}");
            Assert.True((DateTime)(await customer.Get(customer.Url))["updated_at"]! > updated);
        }
    }

    [Fact]
    public async Task The_version_stays_with_everything_else()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        (await admin.Post(customer.Url + "verify/")).Expect(200);
        var address = (await customer.Post(Lists.Addresses, Given.Address())).Expect(201);
        var version = await VersionAsync(customer);

        await app.SignInAsync(customer.Username, customer.Password);
        var group = (await admin.Post(Lists.Groups, new { name = $"g{Guid.NewGuid():N}" })).Expect(201)["id"];
        (await admin.Post($"{Lists.Groups}{group}/add_member/", new { customer_id = customer.Id })).Expect(200);
        (await admin.Post($"{Lists.Groups}{group}/remove_member/", new { customer_id = customer.Id })).Expect(200);
        (await customer.Patch(customer.Url, new { first_name = "Ada" })).Expect(200);
        (await customer.Patch(customer.Url, "{}")).Expect(200);
        (await customer.Patch(customer.Url, new { email = "no-mail" })).ExpectProblem(400);
        (await admin.Post(customer.Url + "verify/")).Expect(200);
        (await admin.Post(customer.Url + "make_vip/", new { is_vip = false })).Expect(200);
        (await admin.Post(customer.Url + "reactivate/")).Expect(200);
        (await customer.Post($"{Lists.Addresses}{address["id"]}/set_default/")).Expect(200);
        (await customer.Patch($"{Lists.Addresses}{address["id"]}/", "{}")).Expect(200);

        Assert.Equal(version, await VersionAsync(customer));
    }

    [Fact]
    public async Task A_caller_who_has_the_representation_gets_304()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var read = (await customer.Get(customer.Url)).Expect(200);

        foreach (var match in new[] { read.ETag, "W/" + read.ETag, $"\"1-other\", {read.ETag}", "*" })
        {
            var same = (await customer.Get(customer.Url, ("If-None-Match", match))).Expect(304);
            Assert.Empty(same.Text);
            Assert.Equal(read.ETag, same.ETag);
        }

        Assert.Equal(["no-cache", "private"], read.Headers["Cache-Control"].Split(", ").Order());
        (await customer.Get("/api/customers/customers/me/", ("If-None-Match", read.ETag))).Expect(304);

        // Another caller sees other members, and a membership changes what everybody sees.
        (await admin.Get(customer.Url, ("If-None-Match", read.ETag))).Expect(200);
        var group = (await admin.Post(Lists.Groups, new { name = $"g{Guid.NewGuid():N}" })).Expect(201)["id"];
        (await admin.Post($"{Lists.Groups}{group}/add_member/", new { customer_id = customer.Id })).Expect(200);
        (await customer.Get(customer.Url, ("If-None-Match", read.ETag))).Expect(200);
    }

    [Fact]
    public async Task A_write_to_another_version_than_the_present_one_is_refused()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var body = new { first_name = "A", last_name = "B", email = customer.Email };
        var old = (await customer.Get(customer.Url)).ETag;
        (await customer.Patch(customer.Url, new { gender = "x" }, ("If-Match", old))).Expect(200);

        foreach (var url in new[] { customer.Url, "/api/customers/customers/update_profile/" })
        {
            Assert.Equal("stale_version", (await customer.Patch(url, new { gender = "y" }, ("If-Match", old))).ExpectProblem(412).Code);
            (await customer.Put(url, body, ("If-Match", old))).ExpectProblem(412);
        }

        (await admin.Delete(customer.Url, ("If-Match", old))).ExpectProblem(412);
        (await customer.Patch(customer.Url, new { gender = "y" }, ("If-Match", "rubbish"))).ExpectProblem(412);
        Assert.Equal("x", (string)(await customer.Get(customer.Url))["gender"]!);
    }

    [Fact]
    public async Task Only_the_version_of_a_tag_decides_about_a_write()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var read = (await admin.Get(customer.Url)).ETag;
        await app.SignInAsync(customer.Username, customer.Password);

        Assert.NotEqual(read, (await customer.Get(customer.Url)).ETag);
        (await admin.Patch(customer.Url, new { gender = "x" }, ("If-Match", read))).Expect(200);
        (await admin.Patch(customer.Url, new { gender = "y" }, ("If-Match", $"{read}, {(await customer.Get(customer.Url)).ETag}"))).Expect(200);
        (await admin.Patch(customer.Url, new { gender = "z" }, ("If-Match", "*"))).Expect(200);
        (await admin.Delete(customer.Url, ("If-Match", (await admin.Get(customer.Url)).ETag))).Expect(204);
    }

    private static async Task<int> VersionAsync(Actor customer) =>
        int.Parse((await customer.Get(customer.Url)).Expect(200).ETag.Trim('"').Split('-')[0], CultureInfo.InvariantCulture);
}
