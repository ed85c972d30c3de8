namespace Clientele.Server.Customers;

/// <summary>Decides which phone numbers of customers and addresses are accepted: any country code and length of E.164.</summary>
internal static class PhoneNumbers
{
    private const int Shortest = 7;
    private const int Longest = 15;

    /// <summary>Returns the number as E.164; null if there is none, or if it is not valid, which is added to the errors.</summary>
    public static string? Check(string? text, Errors errors)
    {
        if (errors.Has("phone") || string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (TryNormalise(text, out var phone))
        {
            return phone;
        }

        errors.Add("phone", "Must be a phone number with its country code, such as +1234567890.");
        return null;
    }

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
