using System.Buffers;
using System.Collections.Frozen;

namespace Clientele.Server.Data;

/// <summary>The forms in which text is compared: loose for search, strict for names that must be unique.</summary>
internal static class TextFolding
{
    private const int ShortTerm = 2;

    /// <summary>The zero of a phone number that is not dialled from abroad.</summary>
    private const string Inland = "(0)";

    private static readonly SearchValues<char> PhonePunctuation = SearchValues.Create("+-.()/");

    // Letters that Unicode does not decompose although readers see them as variants of plain ones, and typographic characters that keyboards replace.
    private static readonly FrozenDictionary<int, string> Plain = new Dictionary<int, string>
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['þ'] = "th",
        ['ŋ'] = "ng",
        ['ø'] = "o",
        ['ł'] = "l",
        ['ƚ'] = "l",
        ['đ'] = "d",
        ['ð'] = "d",
        ['ɖ'] = "d",
        ['ɗ'] = "d",
        ['ı'] = "i",
        ['ɨ'] = "i",
        ['ȷ'] = "j",
        ['ħ'] = "h",
        ['ŧ'] = "t",
        ['ƀ'] = "b",
        ['ɓ'] = "b",
        ['ǥ'] = "g",
        ['ĸ'] = "k",
        ['ƙ'] = "k",
        ['ɲ'] = "n",
        ['ς'] = "σ",
        ['‘'] = "'",
        ['’'] = "'",
        ['ʼ'] = "'",
        ['‐'] = "-",
        ['–'] = "-",
        ['−'] = "-",
    }.ToFrozenDictionary();

    /// <summary>Removes case, accents and compatibility forms; for search, never for identity.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in Normalise(text, NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            var lower = Rune.ToLowerInvariant(rune);
            if (Plain.TryGetValue(lower.Value, out var plain))
            {
                folded.Append(plain);
            }
            else
            {
                folded.Append(lower);
            }
        }

        // Hangul is composed again, so that one syllable counts as one character of a term.
        return Normalise(folded.ToString(), NormalizationForm.FormC);
    }

    /// <summary>
    /// The same key for all spellings of a name that differ only by case or compatibility form. Accents still distinguish. Keys compare ordinally. A text
    /// without a visible character has an empty key.
    /// </summary>
    public static string NameKey(string text)
    {
        if (VisibleText.IsBlank(text))
        {
            return "";
        }

        var key = new StringBuilder(text.Length);

        // Decompose first: upper case and then lower case of the parts is what Unicode calls full case folding, except for the sharp s.
        foreach (var rune in Normalise(text, NormalizationForm.FormKD).EnumerateRunes())
        {
            var folded = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
            if (folded.Value == 'ß')
            {
                key.Append("ss");
            }
            else
            {
                key.Append(folded);
            }
        }

        return Normalise(key.ToString(), NormalizationForm.FormKC);
    }

    /// <summary>
    /// The text in which a row is searched. A space precedes every word of every field. For short terms, it ends with the first two characters of
    /// words that begin after punctuation or with each character of scripts without blanks, and with the digits of words that are punctuated like
    /// phone numbers, because <see cref="SearchTerms"/> removes that punctuation too.
    /// </summary>
    public static string SearchText(params IEnumerable<string?> fields)
    {
        var text = new StringBuilder();
        var extras = new List<string>();
        foreach (var field in fields)
        {
            foreach (var word in Words(field ?? ""))
            {
                text.Append(' ').Append(word);
                extras.AddRange(InnerBeginnings(word));
                extras.AddRange(PunctuatedDigits(word));
            }
        }

        foreach (var extra in extras.Distinct(StringComparer.Ordinal))
        {
            text.Append(' ').Append(extra);
        }

        return text.ToString();
    }

    /// <summary>
    /// The substrings that must all occur in a row's <see cref="SearchText"/>. Terms of one or two characters begin with a space, so that they match
    /// only the beginnings of words, which in scripts without blanks is every character. They are literals: escape them for LIKE.
    /// </summary>
    public static IReadOnlyList<string> SearchTerms(string search)
    {
        var words = search.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Words).ToList();
        var terms = WithDialledNumbers(words).Select(WithoutPhonePunctuation).Where(term => term.Length > 0).ToList();

        // "( )" must not become a search without terms, which would find all rows.
        return [.. (terms.Count > 0 ? terms : words.SelectMany(word => word)).Select(AsSubstring).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Like <see cref="string.Normalize(NormalizationForm)"/>, for any text: what would make it throw becomes U+FFFD.</summary>
    public static string Normalise(string text, NormalizationForm form)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var wellFormed = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Lone surrogates are already replaced here. The noncharacter U+FFFE is the other thing that .NET refuses.
            wellFormed.Append(rune.Value == 0xFFFE ? Rune.ReplacementChar : rune);
        }

        return wellFormed.ToString().Normalize(form);
    }

    /// <summary>A digit of any script as an ASCII digit; any other character as it is.</summary>
    public static Rune AsciiDigit(Rune rune) => Rune.IsDigit(rune) ? new Rune('0' + (int)Rune.GetNumericValue(rune)) : rune;

    /// <summary>The folded words. Commas separate words too. Digits of all scripts become ASCII digits, and what nobody can see is left out.</summary>
    private static string[] Words(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in Fold(text).EnumerateRunes())
        {
            if (rune.Value is ',' or '،' or '、' || Rune.IsWhiteSpace(rune))
            {
                plain.Append(' ');
            }
            else if (!VisibleText.IsInvisible(rune))
            {
                plain.Append(AsciiDigit(rune));
            }
        }

        return plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>
    /// The words, with the parts of each number that begins as people dial it joined to one word: <c>+44 (0)20 7946</c>, <c>0044 20 7946</c>,
    /// <c>020 7946</c>. Otherwise parts of two digits would have to begin a word. What is several words without a blank between them, like <c>0,2</c>, is
    /// no part of a number.
    /// </summary>
    private static List<string> WithDialledNumbers(IEnumerable<string[]> words)
    {
        var joined = new List<string>();
        var isDialled = false;
        foreach (var parts in words)
        {
            var isNumber = parts is [var number] && IsNumber(number);
            if (isNumber && isDialled)
            {
                joined[^1] += parts[0];
            }
            else
            {
                joined.AddRange(parts);
                isDialled = isNumber && parts[0][0] is '+' or '0' or '(';
            }
        }

        return joined.ConvertAll(word =>
            IsNumber(word) && (word[0] == '+' || word.StartsWith("00", StringComparison.Ordinal)) ? word.Replace(Inland, "", StringComparison.Ordinal) : word);
    }

    private static bool IsNumber(string word) => word.All(c => char.IsAsciiDigit(c) || PhonePunctuation.Contains(c));

    private static string AsSubstring(string term) => term.EnumerateRunes().Count() <= ShortTerm ? " " + term : term;

    private static string WithoutPhonePunctuation(string term) => IsNumber(term) ? string.Concat(term.Where(char.IsAsciiDigit)) : term;

    private static IEnumerable<string> InnerBeginnings(string word)
    {
        var runes = word.EnumerateRunes().ToArray();
        for (var i = 1; i < runes.Length; i++)
        {
            if (Scripts.HasNoBlanks(runes[i]) || (Rune.IsLetterOrDigit(runes[i]) && !Rune.IsLetterOrDigit(runes[i - 1])))
            {
                yield return string.Concat(runes.Skip(i).Take(ShortTerm));
            }
        }
    }

    private static IEnumerable<string> PunctuatedDigits(string word)
    {
        for (var start = 0; start < word.Length; start++)
        {
            var end = start;
            while (end < word.Length && (char.IsAsciiDigit(word[end]) || PhonePunctuation.Contains(word[end])))
            {
                end++;
            }

            var run = word.AsSpan(start, end - start).Trim("+-.()/");
            if (run.ContainsAny(PhonePunctuation))
            {
                var number = run.ToString();
                yield return WithoutPhonePunctuation(number);
                if (number.Contains(Inland, StringComparison.Ordinal))
                {
                    yield return WithoutPhonePunctuation(number.Replace(Inland, "", StringComparison.Ordinal));
                }
            }

            start = end;
        }
    }
}
