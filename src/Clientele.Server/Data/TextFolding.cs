using System.Buffers;
using System.Collections.Frozen;

namespace Clientele.Server.Data;

/// <summary>The forms in which text is compared: loose for search, strict for names that must be unique.</summary>
internal static class TextFolding
{
    private const int ShortTerm = 2;

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
    /// The same key for all spellings of a name that differ only by case or compatibility form. Accents still distinguish. Keys compare ordinally.
    /// </summary>
    public static string NameKey(string text)
    {
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
    /// words that begin after punctuation, and with the digits of words that are punctuated like phone numbers, because <see cref="SearchTerms"/>
    /// removes that punctuation too.
    /// </summary>
    public static string SearchText(params IEnumerable<string?> fields)
    {
        var text = new StringBuilder();
        var extras = new List<string>();
        foreach (var field in fields)
        {
            foreach (var word in Words(Fold(field ?? "")))
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
    /// only the beginnings of words. They are literals: escape them for LIKE.
    /// </summary>
    public static IReadOnlyList<string> SearchTerms(string search)
    {
        var words = Words(Fold(search));
        var terms = words.Select(WithoutPhonePunctuation).Where(term => term.Length > 0).ToList();

        // "( )" must not become a search without terms, which would find all rows.
        return [.. (terms.Count > 0 ? terms : words.AsEnumerable()).Select(AsSubstring).Distinct(StringComparer.Ordinal)];
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

    private static string[] Words(string folded) => folded.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string AsSubstring(string term) => term.EnumerateRunes().Count() <= ShortTerm ? " " + term : term;

    private static string WithoutPhonePunctuation(string term) =>
        term.All(c => char.IsAsciiDigit(c) || PhonePunctuation.Contains(c))
            ? string.Concat(term.Where(char.IsAsciiDigit))
            : term;

    private static IEnumerable<string> InnerBeginnings(string word)
    {
        var runes = word.EnumerateRunes().ToArray();
        for (var i = 1; i < runes.Length; i++)
        {
            if (Rune.IsLetterOrDigit(runes[i]) && !Rune.IsLetterOrDigit(runes[i - 1]))
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
                yield return WithoutPhonePunctuation(run.ToString());
            }

            start = end;
        }
    }
}
