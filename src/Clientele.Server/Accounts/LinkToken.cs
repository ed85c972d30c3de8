using System.Buffers.Text;

namespace Clientele.Server.Accounts;

/// <summary>The token in a link: <c>customer.secret</c>, with 256 random bits.</summary>
internal static class LinkToken
{
    private const int SecretBytes = 32;
    private const int Longest = 100;

    public static string New(long customerId) =>
        string.Create(CultureInfo.InvariantCulture, $"{customerId}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");

    /// <summary>The customer of a token; null if it does not look like one.</summary>
    public static long? CustomerOf(string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        return token.Length <= Longest && dot > 0 && long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
    }
}
