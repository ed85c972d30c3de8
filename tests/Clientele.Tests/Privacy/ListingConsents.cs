using Clientele.Tests.Support;

namespace Clientele.Tests.Privacy;

/// <summary>What a customer has consented to.</summary>
public sealed class ListingConsents(ClienteleApp app)
{
    [Fact]
    public async Task Each_change_is_told_with_who_made_it()
    {
        var (customer, admin) = (await app.CustomerAsync(with: new { accepts_marketing_email = true }), await app.AdminAsync());
        (await admin.Patch(customer.Url, new { accepts_marketing_email = false })).Expect(200);
        (await customer.Patch(customer.Url, new { accepts_marketing_sms = true })).Expect(200);

        var consents = (await customer.Get($"{customer.Url}consents/")).Expect(200).Json.AsArray();

        Assert.Equal(["accepts_marketing_email", "accepts_marketing_sms"], consents.Select(consent => (string)consent!["name"]!));
        Assert.Equal([false, true], consents.Select(consent => (bool)consent!["is_given"]!));
        Assert.Equal(["anonymous", "admin"], consents[0]!["changes"]!.AsArray().Select(change => (string)change!["by"]!));
        Assert.Equal((string)consents[1]!["changes"]!.AsArray()[^1]!["at"]!, (string)consents[1]!["since"]!);
    }

    [Fact]
    public async Task The_export_has_the_same_consents()
    {
        var customer = await app.CustomerAsync(with: new { accepts_marketing_sms = true });

        var consents = (await customer.Get($"{customer.Url}consents/")).Expect(200);

        Assert.Equal(consents.Json.ToJsonString(), (await customer.Get($"{customer.Url}export/")).Expect(200)["consents"].ToJsonString());
    }
}
