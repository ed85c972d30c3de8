using Fluid;
using Fluid.Values;

namespace Clientele.Server.Messages;

/// <summary>The text of messages: how values get into it.</summary>
internal static class MessageText
{
    private static readonly TemplateOptions Options = NewOptions();

    /// <summary>The values for one rendering. A template that names anything else fails.</summary>
    public static TemplateContext Context(IReadOnlyDictionary<string, string> values)
    {
        var context = new TemplateContext(Options);
        foreach (var (name, value) in values)
        {
            context.SetValue(name, new StringValue(value));
        }

        return context;
    }

    /// <summary>Replaces what is invisible or begins a new line: a value could otherwise add headers to a mail, or sentences that look like ours.</summary>
    public static string OneLine(string value)
    {
        var line = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            line.Append(IsVisible(rune) ? rune.ToString() : " ");
        }

        return line.ToString();
    }

    /// <summary>Removes blanks at the ends of lines, and blank lines that a condition of the template has left.</summary>
    public static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        var blank = true;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()))
        {
            if (line.Length > 0 || !blank)
            {
                tidy.Append(line).Append('\n');
            }

            blank = line.Length == 0;
        }

        return tidy.ToString().TrimEnd('\n');
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static TemplateOptions NewOptions()
    {
        var options = new TemplateOptions { StrictVariables = true, StrictFilters = true };
        options.Filters.AddFilter("instant", Instant);
        return options;
    }

    /// <summary><c>{{ at | instant: "dd.MM.yyyy, HH:mm" }}</c>: an instant in UTC. A value that is no instant stays as it is.</summary>
    private static ValueTask<FluidValue> Instant(FluidValue input, FilterArguments arguments, TemplateContext context) =>
        DateTimeOffset.TryParse(input.ToStringValue(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? new StringValue(instant.UtcDateTime.ToString(arguments.At(0).ToStringValue(), CultureInfo.InvariantCulture))
            : input;
}
