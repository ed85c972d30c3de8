namespace Clientele.Client;

/// <summary>The keys that access tokens are signed with (RFC 7517): <c>GET /.well-known/jwks.json</c>.</summary>
public sealed record JwksResponse
{
    /// <summary>The valid keys; during a key rotation there are two.</summary>
    public required IReadOnlyList<Jwk> Keys { get; init; }
}

/// <summary>A public ES256 key.</summary>
public sealed record Jwk
{
    /// <summary>The key's id, which is also in the header of a token.</summary>
    /// <example>es256-20251001</example>
    public required string Kid { get; init; }

    /// <summary>The key type.</summary>
    /// <example>EC</example>
    public required string Kty { get; init; }

    /// <summary>The curve.</summary>
    /// <example>P-256</example>
    public required string Crv { get; init; }

    /// <summary>What the key is for.</summary>
    /// <example>sig</example>
    public required string Use { get; init; }

    /// <summary>The algorithm.</summary>
    /// <example>ES256</example>
    public required string Alg { get; init; }

    /// <summary>The x coordinate of the point.</summary>
    /// <example>f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU</example>
    public required string X { get; init; }

    /// <summary>The y coordinate of the point.</summary>
    /// <example>x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0</example>
    public required string Y { get; init; }
}
