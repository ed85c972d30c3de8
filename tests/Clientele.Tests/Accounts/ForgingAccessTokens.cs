using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Clientele.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Clientele.Tests.Accounts;

/// <summary>A token is accepted only in the form in which the service creates it, even if its signature is correct.</summary>
public sealed class ForgingAccessTokens(ClienteleApp app)
{
    private const string Me = "/api/customers/customers/me/";

    /// <summary>The signed text; <c>KID</c>, <c>SUB</c>, <c>NOW</c> and <c>EXP</c> are filled in.</summary>
    private const string Header = """{"alg":"ES256","kid":"KID","typ":"at+jwt"}""";
    private const string Claims = """{"aud":"clientele","exp":EXP,"iat":NOW,"iss":"clientele","jti":"1","role":"customer","sub":"SUB","ver":1}""";

    [Fact]
    public async Task What_looks_like_ours_is_taken()
    {
        var customer = await app.CustomerAsync();

        (await GetAsync(Signed(customer, Header, Claims))).Expect(200);
        (await GetAsync(Signed(customer, Header, With("\"iat\":NOW", "\"iat\":NOW,\"nbf\":NOW")))).Expect(200);
        (await GetAsync(Signed(customer, Header, With("\"aud\":\"clientele\"", "\"aud\":[\"others\",\"clientele\"]")))).Expect(200);
    }

    [Theory]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"crit\":[\"exp\"]")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"crit\":[\"urn:example:unknown\"],\"urn:example:unknown\":true")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"crit\":[]")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"b64\":false,\"crit\":[\"b64\"]")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"b64\":true")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"jku\":\"https://attacker.example/jwks.json\"")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"x5u\":\"https://attacker.example/cert.pem\"")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES256\",\"zip\":\"DEF\"")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"none\"")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"HS256\"")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"ES384\"")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":\"none\",\"alg\":\"ES256\"")]
    [InlineData("\"alg\":\"ES256\",", "")]
    [InlineData("\"kid\":\"KID\"", "\"kid\":\"KID\",\"kid\":\"KID\"")]
    [InlineData("\"kid\":\"KID\"", "\"kid\":\"other\",\"kid\":\"KID\"")]
    [InlineData("\"kid\":\"KID\"", "\"kid\":[\"KID\"]")]
    [InlineData("\"kid\":\"KID\"", "\"kid\":\"\\ud800\"")]
    [InlineData("\"kid\":\"KID\"", "\"kid\":\"KID\",\"\\ud800\":\"\"")]
    [InlineData("\"kid\":\"KID\"", "\"kid\":\"../../dev/null\"")]
    [InlineData("\"kid\":\"KID\",", "")]
    [InlineData("\"typ\":\"at+jwt\"", "\"typ\":\"JWT\"")]
    [InlineData(",\"typ\":\"at+jwt\"", "")]
    public async Task A_header_with_anything_else_is_refused(string ours, string theirs) =>
        await ExpectRefusedAsync(customer => Signed(customer, Header.Replace(ours, theirs, StringComparison.Ordinal), Claims));

    [Theory]
    [InlineData("\"iat\":NOW", "\"iat\":NOW,\"nbf\":EXP")]
    [InlineData("\"iat\":NOW", "\"iat\":NOW,\"nbf\":\"NOW\"")]
    [InlineData("\"iat\":NOW", "\"iat\":NOW,\"nbf\":NOW,\"nbf\":NOW")]
    [InlineData("\"iat\":NOW", "\"iat\":\"NOW\"")]
    [InlineData("\"exp\":EXP", "\"exp\":\"EXP\"")]
    [InlineData("\"exp\":EXP", "\"exp\":NOW,\"exp\":EXP")]
    [InlineData("\"exp\":EXP", "\"exp\":null")]
    [InlineData("\"exp\":EXP", "\"exp\":1e300")]
    [InlineData("\"exp\":EXP", "\"exp\":9223372036854775807")]
    [InlineData("\"exp\":EXP", "\"exp\":-1")]
    [InlineData("\"exp\":EXP", "\"exp\":[EXP]")]
    [InlineData("\"exp\":EXP,", "")]
    [InlineData("\"sub\":\"SUB\"", "\"sub\":\"1\",\"sub\":\"SUB\"")]
    [InlineData("\"sub\":\"SUB\"", "\"sub\":\"SUB\",\"sub\":\"SUB\"")]
    [InlineData("\"sub\":\"SUB\"", "\"sub\":SUB")]
    [InlineData("\"sub\":\"SUB\"", "\"sub\":\"\\ud800\"")]
    [InlineData("\"iat\":NOW", "\"iat\":NOW,\"\\ud800\":1")]
    [InlineData("\"iat\":NOW", "\"iat\":NOW,\"x\":\"\\udfff\"")]
    [InlineData("\"iat\":NOW", "\"iat\":NOW,\"x\":[{\"\\ud800\":1}]")]
    [InlineData("\"sub\":\"SUB\"", "\"sub\":\" SUB\"")]
    [InlineData("\"sub\":\"SUB\"", "\"sub\":[\"SUB\"]")]
    [InlineData("\"sub\":\"SUB\",", "")]
    [InlineData("\"ver\":1", "\"ver\":1,\"ver\":1")]
    [InlineData("\"iss\":\"clientele\"", "\"iss\":\"others\"")]
    [InlineData("\"aud\":\"clientele\"", "\"aud\":\"others\"")]
    [InlineData("{\"aud\"", "[{\"aud\"")]
    public async Task Claims_that_can_be_read_in_two_ways_are_refused(string ours, string theirs) =>
        await ExpectRefusedAsync(customer => Signed(customer, Header, With(ours, theirs)));

    [Fact]
    public async Task Each_part_is_base64url_and_nothing_else()
    {
        var customer = await app.CustomerAsync();
        var (header, claims) = (Encoded(Header, customer), Encoded(Claims, customer));
        string[] tokens =
        [
            Signed($"{header}=.{claims}"),
            Signed($"{header}.{claims}="),
            Signed($"{header}.{claims}=="),
            Signed($"{header}.{claims}") + "==",
            Signed($"{header}."),
            Signed($".{claims}"),
            Signed("."),
            $"{header}.{claims}.",
            Signed($"{header}.{claims}") + ".",
            Signed($"{header}.{claims}.{claims}"),
            $"{header}..{claims}.{claims}.{claims}",
            Signed($"{header}.{Base64Url.EncodeToString([0xFF, 0xFE])}"),
        ];

        foreach (var token in tokens)
        {
            var refused = await GetAsync(token);
            Assert.True((int)refused.Status == 401, $"{(int)refused.Status}: {token}");
        }
    }

    [Fact]
    public async Task Nine_kilobytes_are_not_read_however_well_they_are_signed() =>
        await ExpectRefusedAsync(customer => Signed(customer, Header, With("\"jti\":\"1\"", $"\"jti\":\"{new string('1', 9 * 1024)}\"")));

    private async Task ExpectRefusedAsync(Func<Actor, string> forge)
    {
        var refused = (await GetAsync(forge(await app.CustomerAsync()))).ExpectProblem(401);

        Assert.Equal("Bearer", refused.Headers["WWW-Authenticate"]);
    }

    private Task<Answer> GetAsync(string token) => new Actor(app.CreateClient()).Get(Me, ("Authorization", $"Bearer {token}"));

    private string Signed(Actor customer, string header, string claims) => Signed($"{Encoded(header, customer)}.{Encoded(claims, customer)}");

    private string Signed(string text)
    {
        var key = (ECDsaSecurityKey)app.Keys().SigningCredentials.Key;
        return $"{text}.{Base64Url.EncodeToString(key.ECDsa.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    private static string With(string ours, string theirs) => Claims.Replace(ours, theirs, StringComparison.Ordinal);

    private string Encoded(string json, Actor customer)
    {
        var now = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json
            .Replace("KID", app.Keys().SigningCredentials.Key.KeyId, StringComparison.Ordinal)
            .Replace("SUB", customer.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("NOW", now.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("EXP", (now + 600).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
    }
}
