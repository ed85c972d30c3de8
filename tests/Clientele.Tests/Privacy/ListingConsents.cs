using Clientele.Server.Privacy;
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
    public async Task Of_more_than_a_thousand_changes_the_newest_are_told()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await own.WithDatabaseAsync(db =>
        {
            for (var i = 1; i <= 1001; i++)
            {
                var (sequence, to) = (10_000 + i, i % 2 == 0 ? "false" : "true");
                db.Add(new AuditEntry
                {
                    CustomerId = customer.Id,
                    Sequence = sequence,
                    At = own.Clock.GetUtcNow().UtcDateTime,
                    ActorId = customer.Id,
                    ActorRole = "customer",
                    Action = "customer.updated",
                    Resource = "customer/1",
                    DetailsHash = [],
                });
                var changes = $$$"""{"accepts_marketing_sms":{"from":null,"to":"{{{to}}}"}}""";
                db.Add(new AuditDetails { CustomerId = customer.Id, Sequence = sequence, Salt = [], Network = null, Changes = changes });
            }

            return db.SaveChangesAsync();
        });

        var consent = (await customer.Get($"{customer.Url}consents/")).Expect(200).Json[1]!;

        var told = consent["changes"]!.AsArray();
        Assert.Equal(1000, told.Count);
        Assert.True((bool)told[^1]!["is_given"]!);
    }

    [Fact]
    public async Task The_export_has_the_same_consents()
    {
        var customer = await app.CustomerAsync(with: new { accepts_marketing_sms = true });

        var consents = (await customer.Get($"{customer.Url}consents/")).Expect(200);

        Assert.Equal(consents.Json.ToJsonString(), (await customer.Get($"{customer.Url}export/")).Expect(200)["consents"].ToJsonString());
    }
}
