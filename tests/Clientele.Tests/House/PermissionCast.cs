using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Clientele.Server.Accounts;
using Clientele.Server.Keys;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Clientele.Tests.House;

/// <summary>A customer with an address, a group, a redemption, and a product on the wishlist with a review; and the ids of an API key and a webhook.</summary>
public sealed record PermissionTarget(Actor Owner, string Uuid, long Address, long Group, long Entry, string Key = "", string Webhook = "")
{
    public string In(string path) => path
        .Replace("{customer}", Owner.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{uuid}", Uuid, StringComparison.Ordinal)
        .Replace("{address}", Address.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{group}", Group.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{entry}", Entry.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{key}", Key, StringComparison.Ordinal)
        .Replace("{webhook}", Webhook, StringComparison.Ordinal)
        .Replace("{delivery}", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60", StringComparison.Ordinal)
        .Replace("{order}", $"order-{Guid.NewGuid()}", StringComparison.Ordinal)
        .Replace("{stored}", StoredOrder, StringComparison.Ordinal)
        .Replace("{message}", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60", StringComparison.Ordinal)
        .Replace("{job}", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60", StringComparison.Ordinal)
        .Replace("{product}", "p1", StringComparison.Ordinal)
        .Replace("{country}", "JPN", StringComparison.Ordinal)
        .Replace("{review}", Review, StringComparison.Ordinal)
        .Replace("{session}", new JsonWebToken(Owner.Access).GetClaim("sid").Value, StringComparison.Ordinal)
        .Replace("{nobodys}", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60", StringComparison.Ordinal)
        .Replace("{passkey}", $"{Guid.NewGuid()}", StringComparison.Ordinal);

    public string StoredOrder => $"order-of-{Owner.Username}";

    public string Review => $"review-of-{Owner.Username}";
}

/// <summary>All callers who try an endpoint, created once for all endpoints.</summary>
public sealed partial class PermissionCast(ClienteleApp app) : IAsyncLifetime
{
    public Actor Admin { get; private set; } = null!;

    public Actor Another { get; private set; } = null!;

    public PermissionTarget Owner { get; private set; } = null!;

    /// <summary>A token of an admin who was demoted after it was issued.</summary>
    public string DemotedToken { get; private set; } = "";

    /// <summary>The description of each bad token, and the token; one entry has no token at all.</summary>
    public IReadOnlyList<(string What, string Token)> BadTokens { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Unavailable is not null)
        {
            return;
        }

        Admin = await app.AdminAsync();
        Another = await app.CustomerAsync();
        Owner = await NewTargetAsync();

        var deactivated = await app.CustomerAsync();
        (await Admin.Post($"{deactivated.Url}deactivate/")).Expect(200);
        var erased = await app.CustomerAsync();
        (await Admin.Delete(erased.Url)).Expect(204);
        var demoted = await app.NewAdminAsync();
        await using var scope = app.Services.CreateAsyncScope();
        Assert.Empty(await scope.ServiceProvider.GetRequiredService<Superusers>().DemoteAsync(demoted.Username, CancellationToken.None));
        DemotedToken = demoted.Access;

        BadTokens =
        [
            ("anonymous", ""),
            ("garbage", "garbage"),
            ("three parts of garbage", "a.b.c"),
            ("eight kilobytes and more", new string('a', 9000)),
            ("of a deactivated account", deactivated.Access),
            ("of an erased account", erased.Access),
            ("of an admin from before the demotion", demoted.Access),
            ("a refresh token", Owner.Owner.Refresh),
            ("expired", Forge(expires: TimeSpan.FromSeconds(-31))),
            ("that never expires", Forge(expires: null)),
            ("of another issuer", Forge(issuer: "somebody")),
            ("for another audience", Forge(audience: "somebody")),
            ("of another type", Forge(type: "JWT")),
            ("of another version of the account", Forge(version: 7)),
            ("without a version", Forge(version: null)),
            ("of an unknown account", Forge(subject: "999999999999")),
            ("of no number", Forge(subject: "admin")),
            ("signed with another key under our key's name", Forge(signing: OtherKey())),
            ("signed with our public key as a shared secret", Forge(signing: PublicKeyAsSecret())),
            ("with alg none", Unsigned()),
            ("an API key that nobody has", KeyText.Create(KeyText.NewId())),
            ("a revoked API key", await app.RevokedKeyAsync()),
            ("an API key without its checksum", (await app.KeyAsync(Keyed.AllScopes)).Access[..^6]),
            ("an API key with another secret", KeyText.Create((await app.KeyAsync(Keyed.AllScopes)).KeyId)),
            ("changed after it was signed", Tampered()),
            ("without its signature", Owner.Owner.Access[..(Owner.Owner.Access.LastIndexOf('.') + 1)]),
        ];

        // The forged tokens are invalid only because of their described fault: the forge itself creates valid ones.
        (await With(Forge()).Get("/api/customers/customers/me/")).Expect(200);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Actor With(string token) => new(app.CreateClient()) { Access = token };

    public async Task<PermissionTarget> NewTargetAsync() => await TargetAsync(await app.CustomerAsync());

    /// <summary>The same for an account that exists.</summary>
    public async Task<PermissionTarget> TargetAsync(Actor owner)
    {
        var address = (await owner.Post("/api/customers/addresses/", Given.Address())).Expect(201);
        var group = (await Admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" })).Expect(201);
        (await Admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_id = owner.Id })).Expect(200);
        (await Admin.Post($"{owner.Url}add_loyalty_points/", new { points = 100 })).Expect(200);
        var redemption = (await Admin.Post($"{owner.Url}redeem_loyalty_points/", new { points = 10, reason = "A voucher" })).Expect(200);
        var uuid = (string)(await owner.Get(owner.Url)).Expect(200)["uuid"]!;
        var key = (await app.KeyAsync("orders:read")).KeyId;
        var receiver = new { url = "https://shop.invalid/", is_active = false };
        var webhook = (string)(await (await app.KeyAsync("webhooks:write")).Post("/api/webhooks/", receiver)).Expect(201)["id"]!;
        var target = new PermissionTarget(owner, uuid, (long)address["id"], (long)group["id"], (long)redemption["entry_id"], key, webhook);
        (await owner.Put($"{owner.Url}wishlist/p1/", new { name = "Umbrella" })).Expect(201);
        var order = new { customer = owner.Id, status = "pending", total = 10, placed_at = "2025-10-15T14:30:00Z", revision = 1 };
        (await Admin.Put($"/api/orders/{target.StoredOrder}/", order)).Expect(201);
        (await Admin.Put($"/api/reviews/{target.Review}/", new { customer = owner.Id, product_id = "p1", rating = 5, revision = 1 })).Expect(201);
        return target;
    }

    /// <summary>A call in which all ids have the same name, so that parameter names do not matter.</summary>
    internal static string Unnamed(string call) => Parameter().Replace(call, "{id}");

    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false };

    private string Forge(
        string issuer = "clientele",
        string audience = "clientele",
        string type = "at+jwt",
        string? subject = null,
        int? version = 1,
        SigningCredentials? signing = null) =>
        Forge(TimeSpan.FromMinutes(5), issuer, audience, type, subject, version, signing);

    private string Forge(
        TimeSpan? expires,
        string issuer = "clientele",
        string audience = "clientele",
        string type = "at+jwt",
        string? subject = null,
        int? version = 1,
        SigningCredentials? signing = null)
    {
        var now = app.Clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            ["sub"] = subject ?? Owner.Owner.Id.ToString(CultureInfo.InvariantCulture),
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["role"] = "admin",
        };
        if (version is not null)
        {
            claims["ver"] = version;
        }

        return Tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            TokenType = type,
            IssuedAt = now.AddMinutes(-1),
            Expires = now + expires,
            SigningCredentials = signing ?? Ours,
            Claims = claims,
        });
    }

    private SigningCredentials Ours => app.Services.GetRequiredService<ServerKeys>().SigningCredentials;

    private SigningCredentials OtherKey() =>
        new(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Ours.Key.KeyId }, SecurityAlgorithms.EcdsaSha256);

    private SigningCredentials PublicKeyAsSecret()
    {
        var publicKey = ((ECDsaSecurityKey)Ours.Key).ECDsa.ExportSubjectPublicKeyInfo();
        return new(new SymmetricSecurityKey(publicKey) { KeyId = Ours.Key.KeyId }, SecurityAlgorithms.HmacSha256);
    }

    private string Unsigned()
    {
        var header = $$"""{"alg":"none","typ":"at+jwt","kid":"{{Ours.Key.KeyId}}"}""";
        return $"{Base64UrlEncoder.Encode(header)}.{Forge().Split('.')[1]}.";
    }

    /// <summary>The owner's token with the admin's id in it.</summary>
    private string Tampered()
    {
        var parts = Owner.Owner.Access.Split('.');
        var payload = Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[1]))
            .Replace($"\"{Owner.Owner.Id}\"", $"\"{Admin.Id}\"", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
