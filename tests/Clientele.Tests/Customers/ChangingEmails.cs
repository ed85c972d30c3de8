using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

/// <summary>An admin's change of an e-mail takes effect at once. What an owner's does is in <see cref="Accounts.MovingToAnotherEmail"/>.</summary>
public sealed class ChangingEmails(ClienteleApp app)
{
    [Fact]
    public async Task The_new_email_signs_in_and_the_old_one_is_free()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var email = $"New.{Guid.NewGuid():N}@Example.com";

        Assert.Equal(email, (string)(await admin.Patch(customer.Url, new { email })).Expect(200)["email"]!);

        await app.SignInAsync(email.ToUpperInvariant(), customer.Password);
        await app.SignInAsync(customer.Username, customer.Password);
        (await app.Stranger.Post("/api/auth/token/", new { username = customer.Email, password = customer.Password })).ExpectProblem(401);
        var heir = await app.CustomerAsync(with: new { email = customer.Email });
        Assert.Equal(heir.Id, (long)(await (await app.SignInAsync(customer.Email, heir.Password)).Get("/api/customers/customers/me/"))["id"]);
    }

    [Fact]
    public async Task A_taken_email_or_username_is_refused_and_nothing_moves()
    {
        var (customer, admin) = (await app.CustomerAsync(), await app.AdminAsync());
        var other = await app.CustomerAsync();
        var name = $"n{Guid.NewGuid():N}@example.com";
        var named = await app.CustomerAsync(name, new { email = name });

        foreach (var taken in new[] { other.Email, other.Email.ToUpperInvariant(), named.Email })
        {
            (await admin.Patch(customer.Url, new { email = taken })).ExpectProblem(400, "email");
            (await admin.Put(customer.Url, new { first_name = "A", last_name = "B", email = taken })).ExpectProblem(400, "email");
        }

        Assert.Equal(customer.Email, (string)(await customer.Get(customer.Url))["email"]!);
        await app.SignInAsync(customer.Email, customer.Password);
    }

    [Fact]
    public async Task A_username_that_is_the_email_follows_it()
    {
        var name = $"f{Guid.NewGuid():N}@example.com";
        var customer = await app.CustomerAsync(name, new { email = name });
        var admin = await app.AdminAsync();
        var email = $"g{Guid.NewGuid():N}@example.com";

        var moved = (await admin.Patch(customer.Url, new { email })).Expect(200);

        Assert.Equal((email, email), ((string)moved["email"]!, (string)moved["username"]!));
        await app.SignInAsync(email, customer.Password);
        (await app.Stranger.Post("/api/auth/token/", new { username = name, password = customer.Password })).ExpectProblem(401);
        await app.CustomerAsync(with: new { email = name });
    }

    [Fact]
    public async Task The_own_username_may_become_the_email()
    {
        var name = $"o{Guid.NewGuid():N}";
        var customer = await app.CustomerAsync(name);
        var admin = await app.AdminAsync();

        // Back and forth between e-mails that the customer already owns.
        (await admin.Patch(customer.Url, new { email = $"{name}@other.example" })).Expect(200);
        (await admin.Patch(customer.Url, new { email = $"{name}@example.com" })).Expect(200);
        await app.SignInAsync($"{name}@example.com", customer.Password);
        Assert.Equal([customer.Id], (await admin.Get($"{Lists.Customers}?search={name}")).Ids());
    }

    [Fact]
    public async Task A_changed_email_is_not_verified_any_more()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        (await admin.Post(customer.Url + "verify/")).Expect(200);

        // Only a different spelling of the same e-mail.
        var respelled = (await admin.Patch(customer.Url, new { email = customer.Email.ToUpperInvariant() })).Expect(200);
        Assert.Equal((customer.Email.ToUpperInvariant(), true), ((string)respelled["email"]!, (bool)respelled["is_verified"]));

        Assert.False((bool)(await admin.Patch(customer.Url, new { email = $"x{customer.Email}" })).Expect(200)["is_verified"]);

        (await admin.Post(customer.Url + "verify/")).Expect(200);
        var read = (await admin.Get(customer.Url)).Json;
        read["email"] = $"y{customer.Email}";
        Assert.False((bool)(await admin.Put(customer.Url, read)).Expect(200)["is_verified"]);
    }

    [Fact]
    public async Task A_changed_email_is_found_and_the_old_one_is_not()
    {
        var customer = await app.CustomerAsync();
        var admin = await app.AdminAsync();
        var word = $"w{Guid.NewGuid():N}";

        (await admin.Patch(customer.Url, new { email = $"{word}@example.com" })).Expect(200);

        Assert.Equal([customer.Id], (await admin.Get($"{Lists.Customers}?search={word}")).Ids());
        Assert.Empty((await admin.Get($"{Lists.Customers}?search={customer.Email}")).Ids());
    }
}
