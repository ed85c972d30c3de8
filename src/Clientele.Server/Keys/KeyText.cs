using System.Buffers;
using System.Numerics;

namespace Clientele.Server.Keys;

/// <summary>
/// The text of an API key: <c>clk_</c>, the id, <c>_</c>, and a secret of 256 random bits that ends with a checksum of all before it. Secret scanners
/// recognise the prefix, and tell keys from other texts by the checksum. A text without the right checksum is refused without a look at the database.
/// </summary>
internal static class KeyText
{
    public const string Prefix = "clk_";
    private const int IdLength = 12;
    private const int SecretLength = 43;
    private const int ChecksumLength = 6;
    private const int IdEnd = 16;
    private const int Length = IdEnd + 1 + SecretLength + ChecksumLength;

    /// <summary>Without characters that look alike, because people read ids aloud.</summary>
    private const string IdAlphabet = "23456789abcdefghijkmnpqrstuvwxyz";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(IdAlphabet);
    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    public static string NewId() => RandomNumberGenerator.GetString(IdAlphabet, IdLength);

    /// <summary>Whether the text can be the id of a key. The database is not asked for others.</summary>
    public static bool IsId(string text) => text.Length == IdLength && !text.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>A new key with this id.</summary>
    public static string Create(string id)
    {
        var text = $"{Prefix}{id}_{RandomNumberGenerator.GetString(Alphabet, SecretLength)}";
        return text + Checksum(text);
    }

    /// <summary>The id in a key; null if the text is not one.</summary>
    public static string? IdOf(string text) =>
        text.Length == Length
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[IdEnd] == '_'
        && !text.AsSpan(Prefix.Length, IdLength).ContainsAnyExcept(IdCharacters)
        && !text.AsSpan(IdEnd + 1).ContainsAnyExcept(Characters)
        && text.AsSpan(Length - ChecksumLength).SequenceEqual(Checksum(text[..^ChecksumLength]))
            ? text.Substring(Prefix.Length, IdLength)
            : null;

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>CRC-32C in base 62.</summary>
    private static string Checksum(string text)
    {
        var crc = ~Encoding.UTF8.GetBytes(text).Aggregate(uint.MaxValue, BitOperations.Crc32C);
        return string.Create(ChecksumLength, crc, (digits, rest) =>
        {
            for (var i = digits.Length - 1; i >= 0; i--)
            {
                (digits[i], rest) = (Alphabet[(int)(rest % Alphabet.Length)], rest / (uint)Alphabet.Length);
            }
        });
    }
}
