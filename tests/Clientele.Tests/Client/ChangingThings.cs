using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

public sealed class ChangingThings(ClienteleApp app)
{
    [Fact]
    public async Task An_assigned_null_removes_a_value()
    {
        using var client = app.Client(await app.CustomerAsync(with: new { phone = "+1234567890", gender = "female" }));

        var (changed, _) = await client.Customers.UpdateMeAsync(new CustomerPatch { Phone = null });

        Assert.Equal((null, "female"), (changed.Phone, changed.Gender));
    }

    [Fact]
    public async Task A_member_that_is_not_assigned_is_not_sent()
    {
        var wire = new Wiretap();
        using var client = app.Client(await app.CustomerAsync(), wire);

        await client.Customers.UpdateMeAsync(new CustomerPatch { Phone = null, AcceptsMarketingSms = true, DateOfBirth = new DateOnly(1990, 4, 1) });

        Assert.Equal("""{"phone":null,"accepts_marketing_sms":true,"date_of_birth":"1990-04-01"}""", wire.Sent[0].Body);
    }

    [Fact]
    public async Task An_empty_patch_changes_nothing()
    {
        using var client = app.Client(await app.CustomerAsync());
        var before = await client.Customers.GetMeAsync();

        Assert.Equal(before.ETag, (await client.Customers.UpdateMeAsync(new CustomerPatch())).ETag);
    }

    [Fact]
    public async Task Null_removes_a_member_of_the_metadata()
    {
        var ada = await app.CustomerAsync();
        using var client = app.Client(await app.AdminAsync());
        await client.Customers.UpdateAsync(ada.Id, new CustomerPatch { Metadata = new JsonObject { ["erp_id"] = 42, ["desk"] = "north" } });

        var (changed, _) = await client.Customers.UpdateAsync(ada.Id, new CustomerPatch { Metadata = new JsonObject { ["erp_id"] = null } });

        Assert.Equal(["desk"], changed.Metadata!.Keys);
    }

    [Fact]
    public void A_patch_has_a_property_for_every_writable_member()
    {
        Same<CustomerPatch, UpdateCustomerRequest>();
        Same<AddressPatch, AddressRequest>(except: nameof(AddressRequest.Customer));
        Same<GroupPatch, GroupRequest>();

        static void Same<TPatch, TRequest>(string? except = null) =>
            Assert.Equal(Names(typeof(TRequest)).Where(name => name != except), Names(typeof(TPatch)));

        static IEnumerable<string> Names(Type type) =>
            type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_change_of_a_version_that_is_not_the_present_one_is_refused()
    {
        using var client = app.Client(await app.CustomerAsync());
        var (_, etag) = await client.Customers.GetMeAsync();
        await client.Customers.UpdateMeAsync(new CustomerPatch { FirstName = "Augusta" }, ifMatch: etag);

        var refused = await Assert.ThrowsAsync<ClienteleException>(
            () => client.Customers.UpdateMeAsync(new CustomerPatch { FirstName = "Byron" }, ifMatch: etag));

        Assert.Equal((HttpStatusCode.PreconditionFailed, "stale_version"), (refused.Status, refused.Code));
        Assert.Equal("Augusta", (await client.Customers.GetMeAsync()).Value.FirstName);
    }

    [Fact]
    public async Task A_refusal_tells_everything_the_service_tells()
    {
        using var client = app.Client();

        var refused = await Assert.ThrowsAsync<ClienteleException>(() => client.Accounts.RegisterAsync(new RegisterRequest
        {
            Username = $"brief-{Guid.NewGuid():N}",
            Email = "no e-mail",
            Password = "12345678",
            FirstName = "Ada",
            LastName = "Lovelace",
        }));

        Assert.Equal((HttpStatusCode.BadRequest, "validation_failed"), (refused.Status, refused.Code));
        Assert.Equal(["email", "password"], refused.Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("email: Must be an e-mail address", refused.Message, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{32}$", refused.TraceId!);
        Assert.Null(refused.RetryAfter);
    }

    [Fact]
    public async Task Too_many_failed_sign_ins_say_how_long_to_wait()
    {
        var ada = await app.CustomerAsync();
        using var client = app.Client();
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<ClienteleException>(() => client.SignInAsync(ada.Username, "wrong"));
        }

        var refused = await Assert.ThrowsAsync<ClienteleException>(() => client.SignInAsync(ada.Username, "wrong"));

        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (refused.Status, refused.Code));
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));
    }

    [Fact]
    public async Task Money_with_too_many_places_is_refused_and_not_rounded()
    {
        using var client = app.Client(await app.AdminAsync());

        var refused = await Assert.ThrowsAsync<ClienteleException>(
            () => client.Groups.CreateAsync(new GroupRequest { Name = "Odd", DiscountPercentage = 12.345m }));

        Assert.Contains("discount_percentage", refused.Errors.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_id_that_would_name_another_resource_is_not_sent(string id)
    {
        var wire = new Wiretap();
        using var client = app.Client(await app.AdminAsync(), wire);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.Wishlists.DeleteAsync(1, id));

        Assert.Empty(wire.Sent);
    }
}
