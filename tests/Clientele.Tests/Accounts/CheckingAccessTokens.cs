using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

public sealed class CheckingAccessTokens(ClienteleApp app)
{
    private const string Jwks = "/.well-known/jwks.json";
    private const string Me = "/api/customers/customers/me/";

    [Fact]
    public async Task An_access_token_says_who_for_whom_and_until_when()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var admin = await own.AdminAsync();

        var (header, claims) = (Part(customer.Access, 0), Part(customer.Access, 1));

        Assert.Equal(("ES256", "at+jwt"), ((string)header["alg"]!, (string)header["typ"]!));
        Assert.Equal(("clientele", "clientele"), ((string)claims["iss"]!, (string)claims["aud"]!));
        Assert.Equal(customer.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), (string)claims["sub"]!);
        Assert.Equal(900, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.InRange((long)claims["iat"]!, own.Clock.GetUtcNow().ToUnixTimeSeconds() - 60, own.Clock.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal(("customer", 1), ((string)claims["role"]!, (int)claims["ver"]!));
        Assert.Equal("admin", (string)Part(admin.Access, 1)["role"]!);
        Assert.NotEqual((string)claims["jti"]!, (string)Part((await own.SignInAsync(customer.Username, customer.Password)).Access, 1)["jti"]!);
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "role", "sid", "sub", "ver"], claims.AsObject().Select(claim => claim.Key).Order());
    }

    [Fact]
    public async Task Others_can_check_an_access_token_offline_with_the_published_keys()
    {
        var customer = await app.CustomerAsync();
        var keys = (await app.Stranger.Get(Jwks)).Expect(200);

        Assert.True(IsSignedBy(keys, customer.Access));
        Assert.False(IsSignedBy(keys, Tampered(customer.Access, claims => claims["role"] = "admin")));
        Assert.All(keys["keys"].AsArray(), key => Assert.Equal(["kid", "kty", "crv", "use", "alg", "x", "y"], key!.AsObject().Select(member => member.Key)));
        Assert.Equal("public, max-age=300", keys.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task A_token_that_is_not_ours_is_refused()
    {
        var customer = await app.CustomerAsync();
        var header = Part(customer.Access, 0);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var published = (await app.Stranger.Get(Jwks))["keys"][0]!;
        var publicKey = Encoding.UTF8.GetBytes((string)published["x"]!);
        string[] tokens =
        [
            "garbage",
            "a.b.c",
            customer.Access[..^2],
            customer.Access + "x",
            customer.Access.Replace('.', ' '),
            Tampered(customer.Access, claims => claims["sub"] = claims["sub"] + "0"),
            Tampered(customer.Access, claims => claims["ver"] = 2),
            Unsigned(header, Part(customer.Access, 1), "none", _ => []),
            Unsigned(header, Part(customer.Access, 1), "None", _ => []),
            Unsigned(header, Part(customer.Access, 1), "HS256", text => HMACSHA256.HashData(publicKey, text)),
            Unsigned(header, Part(customer.Access, 1), "ES256", text => foreign.SignData(text, HashAlgorithmName.SHA256)),
            customer.Refresh,
        ];

        foreach (var token in tokens)
        {
            var refused = (await WithToken(token).Get(Me)).ExpectProblem(401);
            Assert.Equal("Bearer", refused.Headers["WWW-Authenticate"]);
        }

        (await WithToken(customer.Access).Get(Me)).Expect(200);
    }

    [Fact]
    public async Task A_token_of_more_than_eight_kilobytes_is_not_read()
    {
        var customer = await app.CustomerAsync();

        (await WithToken(customer.Access + new string('a', 8193 - customer.Access.Length)).Get(Me)).ExpectProblem(401);
        (await WithToken(new string('a', 16_000)).Get(Me)).ExpectProblem(401);
    }

    [Fact]
    public async Task A_bad_token_on_a_public_endpoint_is_ignored()
    {
        var customer = await app.CustomerAsync();
        foreach (var token in new[] { "garbage", Tampered(customer.Access, claims => claims["sub"] = "1"), new string('a', 16_000) })
        {
            var someone = WithToken(token);
            (await someone.Get(Jwks)).Expect(200);
            (await someone.Get("/health/live")).Expect(200);
            (await someone.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).Expect(200);
            (await someone.Post("/api/auth/token/revoke/", new { refresh = "x" })).Expect(204);
            var name = $"t{Guid.NewGuid():N}";
            (await someone.Post("/api/customers/register/", Given.Registration(name))).Expect(201);
        }
    }

    [Fact]
    public async Task A_token_is_good_for_fifteen_minutes_and_thirty_seconds_of_skew()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var expires = DateTimeOffset.FromUnixTimeSeconds((long)Part(customer.Access, 1)["exp"]!);

        own.Clock.AdvanceTo(expires + TimeSpan.FromSeconds(20));
        (await customer.Get(Me)).Expect(200);
        own.Clock.AdvanceTo(expires + TimeSpan.FromSeconds(31));
        (await customer.Get(Me)).ExpectProblem(401);
        (await customer.Get(Jwks)).Expect(200);
    }

    [Fact]
    public async Task Keys_rotate_while_tokens_of_the_old_one_stay_good_until_they_expire()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        var first = Assert.Single(await KeyIdsAsync(own));
        Assert.Equal(first, KeyId(customer.Access));

        // The next key is published a day before it signs.
        own.Clock.Advance(TimeSpan.FromDays(29) + TimeSpan.FromMinutes(1));
        await own.MaintainAsync();
        var both = await KeyIdsAsync(own);
        var early = await own.SignInAsync(customer.Username, customer.Password);
        Assert.Equal((2, first, first), (both.Length, both[0], KeyId(early.Access)));

        own.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(2));
        await own.MaintainAsync();
        var last = await own.SignInAsync(customer.Username, customer.Password);
        own.Clock.Advance(TimeSpan.FromMinutes(3));
        await own.MaintainAsync();
        var late = await own.SignInAsync(customer.Username, customer.Password);
        Assert.Equal((first, both[1]), (KeyId(last.Access), KeyId(late.Access)));
        (await last.Get(Me)).Expect(200);
        (await late.Get(Me)).Expect(200);

        // A node that starts now knows both keys.
        await using var second = await ClienteleApp.StartAsync(new() { Database = own.Database, Clock = own.Clock });
        Assert.Equal(both, await KeyIdsAsync(second));
        (await new Actor(second.CreateClient()) { Access = last.Access }.Get(Me)).Expect(200);
        (await new Actor(second.CreateClient()) { Access = late.Access }.Get(Me)).Expect(200);

        own.Clock.Advance(TimeSpan.FromMinutes(16));
        (await last.Get(Me)).ExpectProblem(401);
        own.Clock.Advance(TimeSpan.FromDays(1));
        await own.MaintainAsync();
        Assert.Equal([both[1]], await KeyIdsAsync(own));
        (await (await own.SignInAsync(customer.Username, customer.Password)).Get(Me)).Expect(200);
    }

    private static async Task<string[]> KeyIdsAsync(ClienteleApp of) =>
        [.. (await of.Stranger.Get(Jwks)).Expect(200)["keys"].AsArray().Select(key => (string)key!["kid"]!)];

    private static string KeyId(string token) => (string)Part(token, 0)["kid"]!;

    private static JsonNode Part(string token, int index) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!;

    private static string Tampered(string token, Action<JsonObject> change)
    {
        var parts = token.Split('.');
        var claims = Part(token, 1).AsObject();
        change(claims);
        return $"{parts[0]}.{Encoded(claims)}.{parts[2]}";
    }

    private static string Unsigned(JsonNode header, JsonNode claims, string algorithm, Func<byte[], byte[]> sign)
    {
        var other = header.DeepClone();
        other["alg"] = algorithm;
        var text = $"{Encoded(other)}.{Encoded(claims)}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Encoded(JsonNode json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    /// <summary>Uses only the framework's cryptography, as another service would.</summary>
    private static bool IsSignedBy(Answer jwks, string token)
    {
        var key = jwks["keys"].AsArray().Single(key => (string)key!["kid"]! == KeyId(token))!;
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars((string)key["x"]!), Y = Base64Url.DecodeFromChars((string)key["y"]!) },
        });
        var end = token.LastIndexOf('.');
        return ecdsa.VerifyData(Encoding.ASCII.GetBytes(token[..end]), Base64Url.DecodeFromChars(token.AsSpan(end + 1)), HashAlgorithmName.SHA256);
    }

    private Actor WithToken(string token) => new(app.CreateClient()) { Access = token };
}
