using System.Buffers;
using System.Buffers.Text;

namespace Clientele.Server.Accounts;

/// <summary>
/// The exact format of our access tokens. This rejects, before the signature is checked, tokens that the token handler would accept:
/// padding, duplicate members, header members with a special meaning (<c>crit</c>, <c>b64</c>, <c>jwk</c>, …), instants that are not
/// numbers, text that is no Unicode.
/// </summary>
internal static class TokenShape
{
    private const long LatestInstant = 253_402_300_799;
    private static readonly SearchValues<char> Base64UrlCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static bool IsOurs(string token)
    {
        if (token.Split('.') is not [{ Length: > 0 } header, { Length: > 0 } claims, { Length: > 0 } signature]
            || new[] { header, claims, signature }.Any(part => part.AsSpan().ContainsAnyExcept(Base64UrlCharacters)))
        {
            return false;
        }

        try
        {
            return IsHeader(JsonElement.Parse(Base64Url.DecodeFromChars(header), Strict))
                && AreClaims(JsonElement.Parse(Base64Url.DecodeFromChars(claims), Strict));
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsHeader(JsonElement header) => header.ValueKind == JsonValueKind.Object
        && header.EnumerateObject().All(member => member.Name is "alg" or "kid" or "typ" && IsText(member.Value));

    private static bool AreClaims(JsonElement claims) => claims.ValueKind == JsonValueKind.Object
        && claims.TryGetProperty("exp", out _)
        && claims.EnumerateObject().All(claim => claim.Name switch
        {
            "exp" or "nbf" or "iat" => IsInstant(claim.Value),
            "sub" => IsText(claim.Value),
            _ => IsReadable(claim.Value),
        });

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && IsReadable(value);

    /// <summary>Reading a text with half a surrogate pair throws, here instead of in the token handler.</summary>
    private static bool IsReadable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is not null,
        JsonValueKind.Array => value.EnumerateArray().All(IsReadable),
        JsonValueKind.Object => value.EnumerateObject().All(member => member.Name is not null && IsReadable(member.Value)),
        _ => true,
    };

    private static bool IsInstant(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= LatestInstant;
}
