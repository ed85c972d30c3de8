using Clientele.Server.Accounts;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Customers;

/// <summary>What earlier releases stored is brought into the form of this one in the background; what cannot be is listed and stays.</summary>
public sealed class ConvertingForms : IAsyncLifetime
{
    private ClienteleApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ClienteleApp.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Phones_get_their_present_form_once()
    {
        var customer = await _app.CustomerAsync(with: new { phone = "+442079460000" });
        var address = (await customer.Post(Lists.Addresses, Given.Address("billing"))).Expect(201).Headers["Location"];
        await _app.ChangeRowAsync(customer.Id, row => (row.Phone, row.PhoneVerified) = ("+4402079460000", true));
        await _app.WithDatabaseAsync(db => db.Addresses.Where(a => a.CustomerId == customer.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Phone, "+4402079460001")));
        var (before, addressBefore) = ((await customer.Get(customer.Url)).ETag, (await customer.Get(address)).ETag);

        await _app.MaintainAsync();

        var after = (await customer.Get(customer.Url)).Expect(200);
        Assert.Equal(("+442079460000", true), ((string)after["phone"]!, (bool)after["phone_verified"]));
        Assert.Equal("+442079460001", (string)(await customer.Get(address))["phone"]!);
        Assert.NotEqual(before, after.ETag);
        Assert.NotEqual(addressBefore, (await customer.Get(address)).ETag);
        await _app.MaintainAsync();
        Assert.Equal(after.ETag, (await customer.Get(customer.Url)).ETag);
        Assert.Empty(await _app.CheckAsync());
    }

    [Fact]
    public async Task A_number_without_a_country_stays_and_is_listed()
    {
        var customer = await _app.CustomerAsync();
        await _app.ChangeRowAsync(customer.Id, row => row.Phone = "+9991234567");

        await _app.MaintainAsync();

        Assert.Equal("+9991234567", (string)(await customer.Get(customer.Url))["phone"]!);
        Assert.Equal([$"Customer {customer.Id}: the phone number cannot be dialled."], await _app.CheckAsync());
    }

    [Fact]
    public async Task A_name_gets_its_present_claim()
    {
        var customer = await OfEarlierReleaseAsync("xn--mnchen-3ya.example");

        await _app.MaintainAsync();

        await _app.SignInAsync(customer.Email, customer.Password);
        await _app.SignInAsync(customer.Email.Replace("xn--mnchen-3ya", "münchen", StringComparison.Ordinal), customer.Password);
        Assert.Empty(await ClaimsAsync(customer, AccountNames.FormerKey(customer.Email)));
        Assert.Empty(await _app.CheckAsync());
    }

    [Fact]
    public async Task Domains_that_were_taken_for_one_are_two_afterwards()
    {
        var customer = await OfEarlierReleaseAsync("straße.example");

        await _app.MaintainAsync();

        await _app.SignInAsync(customer.Email, customer.Password);
        await _app.CustomerAsync(with: new { email = AccountNames.FormerKey(customer.Email) });
        Assert.Empty(await _app.CheckAsync());
    }

    [Fact]
    public async Task Two_accounts_with_one_mailbox_are_listed_and_both_sign_in()
    {
        var second = await OfEarlierReleaseAsync("xn--mnchen-3ya.example");
        var first = await _app.CustomerAsync(with: new { email = second.Email.Replace("xn--mnchen-3ya", "münchen", StringComparison.Ordinal) });
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(first.Id, await MeAsync(await _app.SignInAsync(first.Email, first.Password)));
            Assert.Equal(second.Id, await MeAsync(await _app.SignInAsync(second.Email, second.Password)));
            Assert.Equal(second.Id, await MeAsync(await _app.SignInAsync(second.Username, second.Password)));
            Assert.Equal([$"Customer {second.Id}: customer {first.Id} has the same username or e-mail, in another spelling."], await _app.CheckAsync());
            await _app.MaintainAsync();
        }

        var admin = await _app.AdminAsync();
        (await admin.Patch(second.Url, new { email = first.Email })).ExpectProblem(400, "email");
        Assert.Equal(second.Id, await MeAsync(await _app.SignInAsync(second.Email, second.Password)));

        // An admin settles it.
        (await admin.Patch(second.Url, new { email = $"another-{second.Email}" })).Expect(200);
        Assert.Equal(first.Id, await MeAsync(await _app.SignInAsync(second.Email, first.Password)));
        Assert.Empty(await _app.CheckAsync());
    }

    [Fact]
    public async Task An_erased_account_leaves_no_claim_of_an_earlier_release()
    {
        var customer = await OfEarlierReleaseAsync("xn--mnchen-3ya.example");

        (await (await _app.AdminAsync()).Delete(customer.Url)).Expect(204);

        Assert.Equal(0, await _app.WithDatabaseAsync(db => db.LoginNames.TagWith("scatter: names of nobody").CountAsync(n => n.CustomerId == customer.Id)));
    }

    [Fact]
    public async Task Searches_and_rules_find_converted_customers()
    {
        var customer = await OfEarlierReleaseAsync("xn--mnchen-3ya.example", with: new { first_name = "小明", phone = "+442079460000" });
        var segment = await _app.SegmentAsync(new { field = "email_domain", op = "eq", value = "münchen.example" });
        await _app.WithDatabaseAsync(db => db.Customers.Where(c => c.Id == customer.Id).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.SearchText, " 小明 +442079460000").SetProperty(c => c.EmailDomain, "xn--mnchen-3ya.example")
            .SetProperty(c => c.EmailKey, AccountNames.FormerKey(customer.Email))));

        await _app.MaintainAsync();
        await _app.DrainAsync();

        var admin = await _app.AdminAsync();
        Assert.Equal([customer.Id], await admin.AllIdsAsync(Lists.Customers, ("search", "020 7946")));
        Assert.Equal([customer.Id], await admin.AllIdsAsync(Lists.Customers, ("search", "明")));
        await _app.ExpectAsync(segment, customer.Id);
    }

    /// <summary>A customer whose e-mail is claimed as the last release claimed it.</summary>
    private async Task<Actor> OfEarlierReleaseAsync(string domain, object? with = null)
    {
        var customer = await _app.CustomerAsync(with: with);
        var email = $"{customer.Username}@{domain}";
        await _app.WithDatabaseAsync(async db =>
        {
            await db.LoginNames.Where(n => n.Name == AccountNames.Key(customer.Email)).ExecuteDeleteAsync();
            db.Add(new LoginName { Name = AccountNames.FormerKey(email), CustomerId = customer.Id });
            return await db.SaveChangesAsync();
        });
        await _app.ChangeRowAsync(customer.Id, row => row.Email = email);
        return new Actor(customer.Http)
        {
            Id = customer.Id,
            Username = customer.Username,
            Email = email,
            Password = customer.Password,
            Access = customer.Access,
        };
    }

    private Task<List<LoginName>> ClaimsAsync(Actor customer, string name) =>
        _app.WithDatabaseAsync(db => db.LoginNames.Where(n => n.Name == name && n.CustomerId == customer.Id).ToListAsync());

    private static async Task<long> MeAsync(Actor actor) => (long)(await actor.Get("/api/customers/customers/me/")).Expect(200)["id"];
}
