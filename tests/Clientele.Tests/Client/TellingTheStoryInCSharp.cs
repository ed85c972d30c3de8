using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Clientele.Tests.Webhooks;
using Microsoft.AspNetCore.Routing;

namespace Clientele.Tests.Client;

/// <summary>The documented examples, and everything else that the service can do, through the SDK.</summary>
public sealed class TellingTheStoryInCSharp
{
    private static readonly AddressRequest Home = new()
    {
        AddressType = "shipping",
        FirstName = "John",
        LastName = "Doe",
        Phone = "+1234567890",
        AddressLine1 = "123 Main St",
        AddressLine2 = "Apt 4B",
        City = "New York",
        State = "NY",
        PostalCode = "10001",
        Country = "USA",
        IsDefault = true,
    };

    [Fact]
    public async Task Every_endpoint_has_a_method_that_reaches_it()
    {
        var reached = new ReachedEndpoints();
        await using var receiver = await Receiver.StartAsync();
        await using var own = await ClienteleApp.StartAsync(new() { Services = reached.Record, Settings = receiver.Settings });
        var somebody = await own.AdminAsync();
        reached.Clear();

        using var john = own.Client();
        using var admin = own.Client();
        await admin.SignInAsync(somebody.Username, somebody.Password, TestContext.Current.CancellationToken);
        var id = await GettingAnAccount(john);
        await SecuringAnAccount(john, own.Clock);
        await UsingAPasskey(john);
        await KeepingAProfile(john, id);
        await KeepingAddresses(john);
        var groups = await RunningGroups(admin, john, id);
        await LookingAfterCustomers(admin, john, id);
        Assert.Null((await admin.Factors.GetAsync(id)).Totp);
        await FollowingOrders(admin, john, id);
        await RewardingLoyalty(admin, id);
        await HandingThingsOver(john, admin, id, await own.FailAMessageAsync(id));
        await KeysOfTheStory.TellAsync(admin, own, id);
        await ProvingAddresses(own);
        await WebhooksOfTheStory.TellAsync(admin, own, receiver);
        await EndingThings(admin, id, groups);

        Assert.Equal(
            own.MappedEndpoints()
                .Where(endpoint => endpoint.Name == "GetCustomerByUuid" || endpoint.Endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
                .Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal),
            reached.Names.Order(StringComparer.Ordinal));
    }

    private static async Task<long> GettingAnAccount(ClienteleClient john)
    {
        Assert.Equal(("alive", "ready"), ((await john.Health.GetLivenessAsync()).Status, (await john.Health.GetReadinessAsync()).Status));
        Assert.Equal("ES256", (await john.Accounts.GetJwksAsync()).Keys[0].Alg);
        Assert.Equal("clientele", (await john.Accounts.GetOpenIdConfigurationAsync()).Issuer);

        var (registered, _) = await john.Accounts.RegisterAsync(new RegisterRequest
        {
            Username = "johndoe",
            Email = "john@example.com",
            Password = "SecureP@ssw0rd123!",
            FirstName = "John",
            LastName = "Doe",
            Phone = "+1234567890",
            DateOfBirth = new DateOnly(1990, 4, 1),
        });
        Assert.Equal("bronze", registered.LoyaltyTier);
        Assert.Equal(DateTimeKind.Utc, registered.DateJoined.Kind);
        Assert.Null(registered.Notes);

        await john.SignInAsync("johndoe", "SecureP@ssw0rd123!");
        await john.Accounts.ChangePasswordAsync("SecureP@ssw0rd123!", "NewSecureP@ss456!");
        Assert.Null(john.Tokens);
        await john.SignInAsync("john@example.com", "NewSecureP@ss456!");

        var elsewhere = await john.Accounts.CreateTokenAsync("johndoe", "NewSecureP@ss456!");
        var renewed = await john.Accounts.RefreshTokenAsync(elsewhere.Refresh);
        await john.Accounts.RevokeTokenAsync(renewed.Refresh);
        var refused = await Assert.ThrowsAsync<ClienteleException>(() => john.Accounts.RefreshTokenAsync(renewed.Refresh));
        Assert.Equal("invalid_credentials", refused.Code);
        await EndingSessions(john);
        return registered.Id;
    }

    private static async Task EndingSessions(ClienteleClient john)
    {
        var here = Assert.Single(await john.Sessions.ListAsync());
        Assert.True(here.Current);
        for (var i = 0; i < 3; i++)
        {
            await john.Accounts.CreateTokenAsync("johndoe", "NewSecureP@ss456!");
        }

        await john.Sessions.EndAsync((await john.Sessions.ListAsync()).First(session => !session.Current).Id);
        Assert.Equal(3, (await john.Sessions.ListAsync()).Count);
        await john.Sessions.EndOthersAsync();
        Assert.Equal(here, Assert.Single(await john.Sessions.ListAsync()));
    }

    private static async Task SecuringAnAccount(ClienteleClient john, FakeClock clock)
    {
        var app = new Authenticator((await john.Factors.SetUpTotpAsync()).Secret, clock);
        var codes = (await john.Factors.ConfirmTotpAsync(app.Code())).RecoveryCodes;
        Assert.Equal(10, (await john.Factors.GetAsync()).RecoveryCodesLeft);

        var asked = await Assert.ThrowsAsync<ClienteleException>(() => john.SignInAsync("johndoe", "NewSecureP@ss456!"));
        Assert.Equal(("factor_required", FactorKind.Totp), (asked.Code, asked.Factors[0]));
        await john.SignInWithFactorAsync(asked.Challenge!, codes[0]);
        Assert.Equal("step_up_required", (await Assert.ThrowsAsync<ClienteleException>(() => john.Factors.DeleteTotpAsync())).Code);
        await john.StepUpAsync(new() { Code = codes[1] });
        await john.Factors.DeleteTotpAsync();
        Assert.Null((await john.Factors.GetAsync()).Totp);
    }

    private static async Task UsingAPasskey(ClienteleClient john)
    {
        using var phone = new SoftwareAuthenticator();
        var options = await john.Passkeys.CreateOptionsAsync();
        var attestation = phone.Create(new JsonObject { ["challenge"] = options.Challenge, ["user"] = new JsonObject { ["id"] = options.User.Id } });
        var added = await john.Passkeys.CreateAsync("Phone", attestation.Deserialize<PasskeyAttestation>(JsonSerializerOptions.Web)!);

        var used = phone.Use((await john.Passkeys.CreateSignInOptionsAsync()).Challenge);
        await john.Passkeys.CreateTokenAsync(used.Deserialize<PasskeyAssertion>(JsonSerializerOptions.Web)!);
        Assert.NotNull(Assert.Single(await john.Passkeys.ListAsync()).LastUsedAt);
        await john.StepUpAsync(new() { Code = added.RecoveryCodes[0] });
        await john.Passkeys.DeleteAsync(added.Id);
    }

    private static async Task KeepingAProfile(ClienteleClient john, long id)
    {
        var (me, etag) = await john.Customers.GetMeAsync();
        Assert.Equal(("John Doe", new DateOnly(1990, 4, 1), 0m), (me.FullName, me.DateOfBirth!.Value, me.TotalSpent));
        Assert.Null(await john.Customers.GetMeIfChangedAsync(etag));

        var (smith, newer) = await john.Customers.UpdateMeAsync(
            new CustomerPatch { LastName = "Smith", AcceptsMarketingEmail = true, PreferredCurrency = "USD" }, ifMatch: etag);
        Assert.Equal(("John Smith", true, "+1234567890"), (smith.FullName, smith.AcceptsMarketingEmail, smith.Phone));
        Assert.Equal("John Smith", (await john.Customers.GetMeIfChangedAsync(etag))!.Value.FullName);

        var whole = new UpdateCustomerRequest { FirstName = "John", LastName = "Doe", Email = "john@example.com" };
        var (replaced, _) = await john.Customers.ReplaceMeAsync(whole, ifMatch: newer);
        Assert.Equal(("John Doe", false, null), (replaced.FullName, replaced.AcceptsMarketingEmail, replaced.Phone));

        var byId = (await john.Customers.GetAsync(id)).Value;
        Assert.Equal(id, byId.Id);
        Assert.Equal(id, (await john.Customers.GetAsync(byId.Uuid)).Value.Id);
        Assert.False((await john.Customers.GetBenefitsAsync(id)).FreeShipping);
    }

    private static async Task KeepingAddresses(ClienteleClient john)
    {
        var (home, etag) = await john.Addresses.CreateAsync(Home);
        Assert.Equal("John Doe, 123 Main St, Apt 4B, New York, NY 10001, United States", home.FullAddress);
        Assert.Null(await john.Addresses.GetIfChangedAsync(home.Id, etag));

        var (work, _) = await john.Addresses.CreateAsync(Home with { AddressLine1 = "1 Wall St", IsDefault = false });
        Assert.True((await john.Addresses.SetDefaultAsync(work.Id)).Value.IsDefault);
        Assert.False((await john.Addresses.GetAsync(home.Id)).Value.IsDefault);

        Assert.Null((await john.Addresses.UpdateAsync(home.Id, new AddressPatch { AddressLine2 = null })).Value.AddressLine2);
        Assert.Equal("Albany", (await john.Addresses.ReplaceAsync(home.Id, Home with { City = "Albany" })).Value.City);

        var page = await john.Addresses.ListAsync(new AddressQuery { AddressType = "shipping", City = "alb", OrderBy = [AddressOrdering.CreatedAtDescending] });
        Assert.Equal([home.Id], page.Results.Select(address => address.Id));
        Assert.Equal(2, await john.Addresses.AllAsync(new AddressQuery { PageSize = 1 }).CountAsync());

        Assert.Equal("Prefecture", (await john.Addresses.GetCountryAsync("JP")).Labels["state"]);
        Assert.Contains(await john.Addresses.ListCountriesAsync(), country => country.Code3 == "USA" && country.Regions.Any(region => region.Code == "NY"));
        Assert.Equal(("New York", "United States"), (home.StateName, home.CountryName));

        await john.Addresses.DeleteAsync(work.Id);
        Assert.Single((await john.Customers.GetMeAsync()).Value.Addresses);
    }

    private static async Task<(long Vip, long Other)> RunningGroups(ClienteleClient admin, ClienteleClient john, long id)
    {
        var (vip, etag) = await admin.Groups.CreateAsync(new GroupRequest
        {
            Name = "VIP Gold Members",
            Description = "Top tier customers with exclusive benefits",
            DiscountPercentage = 15.00m,
            PrioritySupport = true,
            FreeShipping = true,
        });
        Assert.Equal(15m, vip.DiscountPercentage);
        Assert.Equal(JsonValueKind.Object, vip.AssignmentRules!.Value.ValueKind);
        var (other, _) = await admin.Groups.CreateAsync(new GroupRequest { Name = "Wholesale" });

        Assert.True((await admin.Groups.AddMemberAsync(vip.Id, id)).Changed);
        Assert.Equal((0, 1), await admin.Groups.AddMembersAsync(vip.Id, [id]) is var again ? (again.Changed, again.Unchanged) : default);
        Assert.Equal([id], (await admin.Groups.ListMembersAsync(vip.Id, new CustomerQuery { Search = "john" })).Results.Select(member => member.Id));
        Assert.Equal([id], await john.Groups.AllMembersAsync(vip.Id).Select(member => member.Id).ToListAsync());
        Assert.Equal("VIP Gold Members", (await john.Customers.GetMeAsync()).Value.CustomerGroups[0].Name);
        Assert.Equal(15m, (await john.Customers.GetBenefitsAsync(id)).DiscountPercentage);

        Assert.True((await admin.Groups.RemoveMemberAsync(vip.Id, id)).Changed);
        Assert.Equal(1, (await admin.Groups.RemoveMembersAsync(vip.Id, [id])).Unchanged);
        Assert.False((await admin.Groups.ResetMemberAsync(vip.Id, id)).Changed);
        Assert.Equal(1, (await admin.Groups.ResetMembersAsync(vip.Id, [id])).Unchanged);

        var changes = await admin.Groups.ChangesAsync(vip.Id, pageSize: 1);
        Assert.Equal((id, "entered", "by_hand", true), changes.Results[0] is var first ? (first.Customer, first.Change, first.Cause, changes.More) : default);
        Assert.Equal("left", (await admin.Groups.ChangesAsync(vip.Id, changes.Cursor)).Results[0].Change);
        using var active = JsonDocument.Parse("""{"field": "username", "op": "eq", "value": "johndoe"}""");
        Assert.Equal("no_rule", (await Assert.ThrowsAsync<ClienteleException>(() => admin.Groups.RebuildAsync(vip.Id))).Code);
        Assert.Contains((await admin.Groups.FieldsAsync()).Fields, field => field.Name == "loyalty_tier" && field.Operators.Contains("gte"));
        Assert.Contains((await admin.Groups.ValuesAsync("email_domain", search: "EXAMPLE")).Results, value => value is { Label: null, Count: > 0 });
        Assert.Empty((await admin.Groups.ValuesAsync("product_id", "order_lines")).Results);
        var preview = await admin.Groups.PreviewAsync(new PreviewRequest { AssignmentRules = active.RootElement, Group = vip.Id });
        Assert.Equal([id], preview.EnteringSample!.Select(customer => customer.Id));
        Assert.Null((await admin.Groups.ExplainAsync(vip.Id, id)).Tree);
        await admin.Groups.UpdateAsync(other.Id, new GroupPatch { AutoAssign = true, AssignmentRules = active.RootElement });
        Assert.Equal("building", (await admin.Groups.RebuildAsync(other.Id)).Value.State);
        Assert.Null(await admin.Groups.GetIfChangedAsync(vip.Id, etag));
        Assert.Null((await john.Groups.GetAsync(vip.Id)).Value.AssignmentRules);
        Assert.Equal(12.5m, (await admin.Groups.UpdateAsync(vip.Id, new GroupPatch { DiscountPercentage = 12.5m })).Value.DiscountPercentage);
        Assert.Equal(0m, (await admin.Groups.ReplaceAsync(vip.Id, new GroupRequest { Name = "Gold" })).Value.DiscountPercentage);
        Assert.Equal(
            ["Wholesale", "Gold"],
            (await john.Groups.ListAsync(new GroupQuery { OrderBy = [GroupOrdering.NameDescending] })).Results.Select(group => group.Name));
        Assert.Equal(["Gold"], await john.Groups.AllAsync(new GroupQuery { Search = "gol" }).Select(group => group.Name).ToListAsync());
        return (vip.Id, other.Id);
    }

    private static async Task LookingAfterCustomers(ClienteleClient admin, ClienteleClient john, long id)
    {
        Assert.True((await admin.Customers.VerifyAsync(id)).IsVerified);
        Assert.True((await admin.Customers.MakeVipAsync(id)).IsVip);
        Assert.False((await admin.Customers.MakeVipAsync(id, isVip: false)).IsVip);

        var (noted, etag) = await admin.Customers.UpdateAsync(id, new CustomerPatch
        {
            Notes = "Rings twice.",
            Tags = ["wholesale", "early bird"],
            Metadata = new JsonObject { ["erp_id"] = 4711, ["newsletter"] = true },
        });
        Assert.Equal(["early bird", "wholesale"], noted.Tags!.Order(StringComparer.Ordinal));
        Assert.Equal(4711, noted.Metadata!["erp_id"].GetInt32());
        Assert.Null(await admin.Customers.GetIfChangedAsync(id, etag));

        var (kept, _) = await admin.Customers.ReplaceAsync(id, new UpdateCustomerRequest { FirstName = "John", LastName = "Doe", Email = "john@example.com" });
        Assert.Equal(("Rings twice.", true), (kept.Notes, kept.IsVerified));

        Assert.Equal(
            [id], (await admin.Customers.ListAsync(new CustomerQuery { Tag = "WHOLESALE", IsVerified = true })).Results.Select(customer => customer.Id));
        Assert.Contains(await admin.Customers.AllAsync().ToListAsync(), customer => customer.Id == id);

        var sessions = await admin.Sessions.ListAsync(id);
        await admin.StepUpAsync(new() { Password = ClienteleApp.Password });
        await admin.Sessions.EndAsync(id, sessions[0].Id);
        Assert.Equal(sessions.Count - 1, (await admin.Sessions.ListAsync(id)).Count);
        await john.SignInAsync("johndoe", "NewSecureP@ss456!");
        await admin.Sessions.EndAllAsync(id);
        await john.SignInAsync("johndoe", "NewSecureP@ss456!");

        await john.Customers.DeactivateAsync(id);
        Assert.Equal("invalid_credentials", (await Assert.ThrowsAsync<ClienteleException>(() => john.Customers.GetMeAsync())).Code);
        await admin.Customers.ReactivateAsync(id);
        await john.SignInAsync("johndoe", "NewSecureP@ss456!");
    }

    private static async Task FollowingOrders(ClienteleClient admin, ClienteleClient john, long id)
    {
        var placed = new DateTime(2025, 10, 15, 14, 30, 0, DateTimeKind.Utc);
        var order = new BatchedOrder { OrderNumber = "A-2", Customer = id, Status = "delivered", Total = 50m, PlacedAt = placed, Revision = 1 };
        var stored = await admin.Orders.PutAsync("A-1", new OrderRequest
        {
            Customer = "john@example.com",
            Status = "delivered",
            Currency = "EUR",
            ExchangeRate = 1.0825m,
            Total = 100m,
            PlacedAt = placed,
            Revision = 1,
            Lines = [new OrderLine { LineNumber = 1, ProductId = "sofa-3", Name = "Sofa", Quantity = 2, UnitPrice = 50m }],
        });
        Assert.Equal((id, 1.0825m, placed, 50m), (stored.Customer, stored.ExchangeRate, stored.PlacedAt, stored.Lines[0].UnitPrice));
        Assert.Equal(stored.Lines, (await admin.Orders.GetAsync("A-1")).Lines);
        Assert.Equal(
            [201, 400], (await admin.Orders.PutManyAsync([order, order with { OrderNumber = "A-3", Status = "lost" }])).Select(result => result.Status));
        var streamed = Enumerable.Range(10, 3).Select(number => order with { OrderNumber = $"A-{number}" }).ToAsyncEnumerable();
        Assert.Equal(["A-10", "A-11", "A-12"], await admin.Orders.PutAllAsync(streamed).Select(result => result.OrderNumber!).ToListAsync());

        var stats = await john.Customers.GetStatsAsync(id);
        Assert.Equal((5, 308.25m, placed), (stats.TotalOrders, stats.TotalSpent, stats.LastOrderDate!.Value));
        var delivered = new OrderQuery { Status = "delivered", MinTotal = 100, MaxTotal = 100, PlacedAfter = placed, PlacedBefore = placed };
        var page = await john.Orders.ListAsync(id, delivered);
        Assert.Equal(["A-1"], page.Results.Select(found => found.OrderNumber));
        Assert.Equal(5, await john.Orders.AllAsync(id, new OrderQuery { OrderBy = [OrderOrdering.PlacedAt], PageSize = 2 }).CountAsync());

        await john.Wishlists.PutAsync(id, "lamp 7/b", new WishlistItemRequest { Name = "Lamp", Price = 49.9m, Currency = "USD" });
        Assert.Equal(("lamp 7/b", 49.9m), (await john.Wishlists.ListAsync(id)).Results.Single() is var lamp ? (lamp.ProductId, lamp.Price!.Value) : default);
        Assert.Single(await john.Wishlists.AllAsync(id, new WishlistQuery { OrderBy = [WishlistOrdering.AddedAt] }).ToListAsync());
        await john.Wishlists.DeleteAsync(id, "lamp 7/b");

        await admin.Reviews.PutAsync("R-1", new ReviewRequest { Customer = id, ProductId = "sofa-3", Rating = 5, Revision = 1 });
        Assert.Equal(5, (await admin.Reviews.GetAsync("R-1")).Rating);
        Assert.Equal(5, (await john.Reviews.ListAsync(id)).Results.Single().Rating);
        Assert.Single(await john.Reviews.AllAsync(id, new ReviewQuery { OrderBy = [ReviewOrdering.CreatedAtDescending] }).ToListAsync());
        await admin.Reviews.DeleteAsync("R-1");
    }

    private static async Task RewardingLoyalty(ClienteleClient admin, long id)
    {
        var before = (await admin.Customers.GetStatsAsync(id)).LoyaltyPoints;
        Assert.Equal(before + 500, (await admin.Loyalty.AddPointsAsync(id, 500, "Special promotion bonus")).NewBalance);
        var redeemed = await admin.Loyalty.RedeemAsync(id, 300, "A voucher", "A-2");
        Assert.Equal((300, before + 200), (redeemed.Redeemed, redeemed.NewBalance));
        Assert.Equal(before + 500, (await admin.Loyalty.ReverseAsync(id, redeemed.EntryId, "Not used")).NewBalance);
        var (yesterday, tomorrow) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var redemptions = new LoyaltyEntryQuery { Kind = "redeem", CreatedAfter = yesterday, CreatedBefore = tomorrow };
        Assert.Equal("redeem", (await admin.Loyalty.ListEntriesAsync(id, redemptions)).Results.Single().Kind);
        var entries = await admin.Loyalty.AllEntriesAsync(id, new LoyaltyEntryQuery { OrderBy = [LoyaltyEntryOrdering.Id], PageSize = 2 }).ToListAsync();
        Assert.Equal("Not used", entries[^1].Reason);
        Assert.Equal(before + 500, (await admin.Loyalty.GetAsync(id)).Available);
        Assert.Equal(before + 500, (await admin.Loyalty.GetLiabilityAsync()).Points);
        Assert.Equal(0, (await admin.Loyalty.GetLiabilityAsync(DateTimeOffset.UtcNow.AddYears(-1))).Points);
        Assert.Equal(["bronze", "silver", "gold", "platinum"], (await admin.Loyalty.GetProgrammeAsync()).Tiers.Select(tier => tier.Name));
        Assert.Equal(0, (await admin.Loyalty.SimulateAsync([new TierThreshold { Name = "gold", From = 4000 }])).Up);
        Assert.Equal("gold", (await admin.Loyalty.SetTierAsync(id, "gold", DateTimeOffset.UtcNow.AddYears(1), "Goodwill")).LoyaltyTier);
        Assert.Equal("bronze", (await admin.Loyalty.RecalculateTierAsync(id)).LoyaltyTier);
        await FiguresOfTheStory.ReadAsync(admin);
        await ManyCustomersOfTheStory.ChangeAsync(admin, id);
    }

    private static async Task HandingThingsOver(ClienteleClient john, ClienteleClient admin, long id, Guid message)
    {
        var export = await john.Privacy.ExportAsync(id);
        Assert.Equal((id, "customer.exported"), (export.Customer.Id, export.History[^1].Action));
        var exports = new AuditEntryQuery
        {
            Action = "customer.exported",
            Actor = id,
            Role = "customer",
            Resource = $"customer/{id}",
            AtAfter = DateTimeOffset.UtcNow.AddDays(-1),
            AtBefore = DateTimeOffset.UtcNow.AddDays(1),
        };
        Assert.Equal(export.History[^1].Id, (await admin.Privacy.ListHistoryAsync(id, exports)).Results.Single().Id);
        var history = await admin.Privacy.AllHistoryAsync(id, new AuditEntryQuery { OrderBy = [AuditEntryOrdering.Id], PageSize = 3 }).ToListAsync();
        Assert.Equal(export.History.Select(entry => entry.Id), history.Select(entry => entry.Id));

        var failed = new MessageQuery { Customer = id, State = MessageState.Failed, OrderBy = [MessageOrdering.CreatedAt] };
        Assert.Equal(message, (await admin.Messages.ListAsync(failed)).Results.Single().Id);
        Assert.Equal(message, (await admin.Messages.AllAsync(failed).ToListAsync()).Single().Id);
        Assert.Equal(MessageState.Pending, (await admin.Messages.RetryAsync(message)).State);
        Assert.Equal(EventType.CustomerRegistered, (await admin.Events.ListAsync(new() { CustomerId = id, PageSize = 1 })).Results.Single().Type);
    }

    private static async Task ProvingAddresses(ClienteleApp own)
    {
        const string password = "winter-otter-lantern", old = "lena@example.com", next = "lena@shop.example", phone = "+4915112345678";
        using var lena = own.Client();
        await lena.Accounts.RegisterAsync(new() { Username = "lena", Email = old, Password = password, FirstName = "Lena", LastName = "Berg", Phone = phone });
        Assert.True((await lena.Accounts.VerifyEmailAsync((await own.Mail.NextAsync(old)).Token)).IsVerified);
        await lena.SignInAsync("lena", password);
        await lena.Accounts.SendPhoneCodeAsync();
        Assert.True((await lena.Accounts.VerifyPhoneAsync((await own.Mail.NextAsync(phone)).Code)).PhoneVerified);

        await lena.Customers.UpdateMeAsync(new CustomerPatch { Email = next, CurrentPassword = password });
        await lena.Accounts.SendEmailCodeAsync();
        await lena.Accounts.VerifyEmailByCodeAsync((await own.MailedAsync(next))[^1].Code);
        await lena.Accounts.UndoEmailAsync((await own.Mail.NextAsync(old, "/undo/")).Token);
        await lena.Accounts.ResetPasswordAsync(old);
        await lena.Accounts.ConfirmResetAsync(new() { Token = (await own.Mail.NextAsync(old, "/reset/")).Token, NewPassword = "another-otter-lantern" });
    }

    private static async Task EndingThings(ClienteleClient admin, long id, (long Vip, long Other) groups)
    {
        await admin.Groups.DeleteAsync(groups.Vip);
        await admin.Groups.DeleteAsync(groups.Other);
        await admin.Customers.DeleteAsync(id);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<ClienteleException>(() => admin.Customers.GetAsync(id))).Code);
        await admin.SignOutAsync();
    }
}
