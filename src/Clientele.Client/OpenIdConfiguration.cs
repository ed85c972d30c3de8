namespace Clientele.Client;

/// <summary>The issuer of access tokens and the address of its keys (OpenID Connect Discovery): <c>GET /.well-known/openid-configuration</c>.</summary>
public sealed record OpenIdConfigurationResponse
{
    /// <summary>The issuer: the <c>iss</c> of every access token, and the setting <c>Tokens:Issuer</c>.</summary>
    /// <example>clientele</example>
    public required string Issuer { get; init; }

    /// <summary>The address of the keys that access tokens are signed with.</summary>
    /// <example>https://shop.example/.well-known/jwks.json</example>
    public required string JwksUri { get; init; }

    /// <summary>The address that issues tokens. It takes JSON with a username and a password.</summary>
    /// <example>https://shop.example/api/auth/token/</example>
    public required string TokenEndpoint { get; init; }

    /// <summary>Always <c>none</c>: there is no authorization endpoint.</summary>
    /// <example>["none"]</example>
    public required IReadOnlyList<string> ResponseTypesSupported { get; init; }

    /// <summary>Always <c>public</c>: every service sees the same <c>sub</c> of a customer.</summary>
    /// <example>["public"]</example>
    public required IReadOnlyList<string> SubjectTypesSupported { get; init; }

    /// <summary>The algorithm of all tokens. The service issues access tokens and no ID tokens; libraries expect this member.</summary>
    /// <example>["ES256"]</example>
    public required IReadOnlyList<string> IdTokenSigningAlgValuesSupported { get; init; }

    /// <summary>The claims of access tokens that other services may use.</summary>
    /// <example>["iss", "aud", "sub", "role", "jti", "iat", "exp"]</example>
    public required IReadOnlyList<string> ClaimsSupported { get; init; }
}
