using System.Collections.Frozen;

namespace Clientele.Server.Accounts;

/// <summary>The rules for new passwords. They are checked on folded forms; the password is hashed as given.</summary>
internal static class PasswordRules
{
    // Shorter parts occur by chance, such as "ann" in "planning".
    private const int ShortestPart = 4;

    private static readonly Lazy<FrozenSet<string>> CommonPasswords = new(ReadCommonPasswords);

    private static readonly string[] KeyboardRows =
    [
        "1234567890-=", "`1234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "azertyuiop",
        "qsdfghjklm", "yxcvbnm,.-", "!@#$%^&*()_+",
    ];

    /// <summary>
    /// Returns one message for each rule that the password breaks. The context is the username, the e-mail and the names. Both are reduced
    /// to plain letters and digits. A password is too similar if it contains a part of the context with four or more
    /// characters, or if it is itself part of the context. Parts are words, the words of an e-mail's local part, and the longest
    /// label of its domain.
    /// </summary>
    public static IReadOnlyList<string> Check(string password, bool staff, IReadOnlyCollection<string?> context, PasswordPolicy? policy = null)
    {
        policy ??= new();
        var length = TextFolding.Normalise(password, NormalizationForm.FormC).EnumerateRunes().Count();
        if (length > policy.Maximum)
        {
            return [$"This password is too long. It must contain at most {policy.Maximum} characters."];
        }

        return [.. Broken(password, length, staff ? policy.StaffMinimum : policy.Minimum, context)];
    }

    private static IEnumerable<string> Broken(string password, int length, int required, IReadOnlyCollection<string?> context)
    {
        var key = TextFolding.NameKey(password);
        if (length < required)
        {
            yield return $"This password is too short. It must contain at least {required} characters.";
        }

        if (IsCommon(key))
        {
            yield return "This password is too common.";
        }

        if (length > 0 && key.EnumerateRunes().All(Rune.IsDigit))
        {
            yield return "This password is entirely numeric.";
        }

        if (IsClose(password, context))
        {
            yield return "This password is too similar to the username, e-mail or names.";
        }

        if (IsRepetition(key))
        {
            yield return "This password is one repeated character.";
        }
        else if (IsRun(key))
        {
            yield return "This password is a sequence of neighbouring characters.";
        }
    }

    private static bool IsCommon(string key) =>
        CommonPasswords.Value.Contains(key) || CommonPasswords.Value.Contains(WithoutTail(key));

    private static string WithoutTail(string key)
    {
        var end = key.Length;
        while (end > 0)
        {
            Rune.DecodeLastFromUtf16(key.AsSpan(0, end), out var last, out var size);
            if (Rune.IsLetter(last) || Rune.GetUnicodeCategory(last) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                break;
            }

            end -= size;
        }

        return key[..end];
    }

    private static bool IsClose(string password, IReadOnlyCollection<string?> context)
    {
        var candidate = Letters(password);
        return candidate.Length >= ShortestPart && context
            .OfType<string>()
            .Any(text => Letters(text).Contains(candidate, StringComparison.Ordinal)
                || Parts(text).Any(part => part.Length >= ShortestPart && candidate.Contains(part, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Parts(string text)
    {
        var at = text.LastIndexOf('@');
        var own = at < 0 ? text : text[..at];
        foreach (var word in own.Split([' ', '\t', '.', '-', '_', '+', '@', '\'']))
        {
            yield return Letters(word);
        }

        yield return Letters(own);
        if (at >= 0)
        {
            yield return Letters(text[(at + 1)..].Split('.').SkipLast(1).MaxBy(label => label.Length) ?? "");
        }
    }

    private static string Letters(string text) =>
        string.Concat(TextFolding.Fold(text).EnumerateRunes().Where(Rune.IsLetterOrDigit));

    private static bool IsRepetition(string key)
    {
        var runes = key.EnumerateRunes().ToArray();
        return runes.Length > 1 && runes.All(rune => rune == runes[0]);
    }

    private static bool IsRun(string key)
    {
        var runes = key.EnumerateRunes().ToArray();
        if (runes.Length < ShortestPart)
        {
            return false;
        }

        var step = runes[1].Value - runes[0].Value;
        if (step is 1 or -1 && runes.Zip(runes.Skip(1)).All(pair => pair.Second.Value - pair.First.Value == step))
        {
            return true;
        }

        var backwards = string.Concat(runes.Reverse());
        return KeyboardRows.Any(row =>
            row.Contains(key, StringComparison.Ordinal) || row.Contains(backwards, StringComparison.Ordinal));
    }

    private static FrozenSet<string> ReadCommonPasswords()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("common-passwords.txt is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        var passwords = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                passwords.Add(TextFolding.NameKey(line));
            }
        }

        return passwords.ToFrozenSet(StringComparer.Ordinal);
    }
}
