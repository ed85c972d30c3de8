namespace Clientele.Server.Accounts;

/// <summary>Checks the password hashes of accounts imported from Django: <c>pbkdf2_sha256$iterations$salt$base64</c>.</summary>
internal static class DjangoHasher
{
    private const string Prefix = "pbkdf2_sha256$";
    private const int MaxIterations = 5_000_000;
    private const int HashSize = 32;

    public static bool IsDjango(string hash) => hash.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Returns false for a wrong password, for text that is not such a hash, and for a hash with too many iterations.</summary>
    public static bool Verify(string hash, string password)
    {
        if (hash.Split('$') is not ["pbkdf2_sha256", var cost, { Length: > 0 } salt, var encoded]
            || !int.TryParse(cost, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < 1 or > MaxIterations)
        {
            return false;
        }

        var expected = new byte[HashSize];
        if (!Convert.TryFromBase64String(encoded, expected, out var written) || written != HashSize)
        {
            return false;
        }

        var actual = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), iterations, HashAlgorithmName.SHA256, HashSize);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }
}
