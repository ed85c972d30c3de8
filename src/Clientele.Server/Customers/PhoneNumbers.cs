namespace Clientele.Server.Customers;

internal static class PhoneNumbers
{
    private const int Shortest = 7;
    private const int Longest = 15;

    /// <summary>Converts a number with any usual punctuation to E.164, such as <c>+1234567890</c>; <c>00</c> stands for <c>+</c>.</summary>
    public static bool TryNormalise(string? text, out string phone)
    {
        phone = string.Concat((text ?? "").Where(c => !IsPunctuation(c)));
        if (phone.StartsWith("00", StringComparison.Ordinal))
        {
            phone = "+" + phone[2..];
        }

        return phone is ['+', not '0', ..]
            && phone.Length - 1 is >= Shortest and <= Longest
            && phone.Skip(1).All(char.IsAsciiDigit);
    }

    private static bool IsPunctuation(char c) => char.IsWhiteSpace(c) || ".-‐‑–()[]".Contains(c, StringComparison.Ordinal);
}
