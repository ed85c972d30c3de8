using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

/// <summary>No write undoes another write that it has not seen.</summary>
public sealed class UpdatingAtOnce(ClienteleApp app)
{
    [Fact]
    public async Task Patches_of_different_members_all_survive()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var members = new (string Name, object Value)[]
        {
            ("first_name", "Grace"), ("last_name", "Hopper"), ("phone", "+12025550123"), ("gender", "female"), ("date_of_birth", "1906-12-09"),
            ("accepts_marketing_email", true), ("accepts_marketing_sms", true), ("preferred_language", "nl"), ("preferred_currency", "EUR"),
            ("is_verified", true), ("is_vip", true), ("notes", "An admiral."), ("source", "navy"),
        };

        var answers = await Crowd.AtOnceAsync(members.Length + 10, i => i < members.Length
            ? admin.Patch(customer.Url, new Dictionary<string, object> { [members[i].Name] = members[i].Value })
            : admin.Patch(customer.Url, new { metadata = new Dictionary<string, int> { [$"key{i}"] = i } }));

        Assert.All(answers, answer => answer.Expect(200));
        var after = (await admin.Get(customer.Url)).Expect(200);
        Assert.All(members, member => Assert.Equal(member.Value.ToString(), after[member.Name].ToString(), ignoreCase: true));
        Assert.Equal(10, after["metadata"].AsObject().Count);
        Assert.StartsWith($"\"{1 + answers.Length}-", after.ETag, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_who_change_the_same_version_one_wins()
    {
        var customer = await app.CustomerAsync();
        var tag = (await customer.Get(customer.Url)).Expect(200).ETag;

        var answers = await Crowd.AtOnceAsync(16, i => customer.Patch(customer.Url, new { first_name = $"Name {i}" }, ("If-Match", tag)));

        var winner = Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal("stale_version", answer.ExpectProblem(412).Code));
        Assert.Equal(winner.Text, (await customer.Get(customer.Url)).Text);
    }

    [Fact]
    public async Task Two_who_swap_their_emails_at_once_both_keep_their_own()
    {
        var admin = await app.AdminAsync();
        for (var round = 0; round < 5; round++)
        {
            var (one, other) = (await app.CustomerAsync(), await app.CustomerAsync());

            var answers = await Crowd.AtOnceAsync(2, i => i == 0
                ? admin.Patch(one.Url, new { email = other.Email })
                : admin.Patch(other.Url, new { email = one.Email }));

            Assert.All(answers, answer => answer.ExpectProblem(400, "email"));
            await app.SignInAsync(one.Email, one.Password);
            await app.SignInAsync(other.Email, other.Password);
        }
    }

    [Fact]
    public async Task One_free_email_goes_to_one_of_many_and_the_others_keep_theirs()
    {
        var admin = await app.AdminAsync();
        var customers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.CustomerAsync()));
        var wanted = $"wanted-{Guid.NewGuid():n}@example.com";

        var answers = await Crowd.AtOnceAsync(customers.Length, i => admin.Patch(customers[i].Url, new { email = wanted }));

        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => answer.ExpectProblem(400, "email"));
        Assert.Equal(1, await app.Database.CountAsync($"SELECT COUNT(*) FROM customers WHERE email = '{wanted}'"));
        Assert.Equal(2 * customers.Length, await app.Database.CountAsync(
            $"SELECT COUNT(*) FROM login_names WHERE customer_id IN ({string.Join(", ", customers.Select(customer => customer.Id))})"));
    }
}
