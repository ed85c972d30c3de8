using System.Reflection;
using Fluid;

namespace Clientele.Server.Messages;

/// <summary>
/// The source of a template in one language: a file such as <c>verify_email.en.liquid</c>. The first line of a mail is its subject. The rest is text, from
/// which the HTML is made, too.
/// </summary>
internal sealed record TemplateSource(Template Template, string Language, IFluidTemplate Subject, IFluidTemplate Text)
{
    /// <summary>The value with the recipient's name; empty if the message should greet without a name.</summary>
    public const string Name = "name";

    /// <summary>The value with the name of the shop.</summary>
    public const string Shop = "shop";

    public const string Code = "code";
    public const string Link = "link";
    public const string Fallback = "en";
    private const string SubjectMark = "Subject: ";
    private const string Extension = ".liquid";

    private static readonly FluidParser Parser = new();

    /// <summary>The values that a template gets, besides name and shop.</summary>
    private static readonly Dictionary<Template, string[]> Given = new()
    {
        [Template.VerifyEmail] = [Code, Link],
        [Template.ResetPassword] = [Code, Link],
        [Template.PasswordChanged] = ["at"],
        [Template.EmailChanged] = ["new_email", Link],
        [Template.NewSignIn] = ["client", "network", "at"],
        [Template.FactorsChanged] = ["change", "at"],
        [Template.PhoneCode] = [Code],
    };

    public static Channel ChannelOf(Template template) => template == Template.PhoneCode ? Channel.Sms : Channel.Mail;

    /// <summary>The names of the values that a template gets.</summary>
    public static IReadOnlyList<string> ValuesOf(Template template) => [.. Given[template], Name, Shop];

    /// <summary>The templates of the service.</summary>
    public static IEnumerable<TemplateSource> BuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var file in assembly.GetManifestResourceNames().Where(name => name.EndsWith(Extension, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
            yield return Parse(file, reader.ReadToEnd());
        }
    }

    /// <summary>A template of the shop.</summary>
    public static TemplateSource OfFile(string path) => Parse(Path.GetFileName(path), File.ReadAllText(path));

    /// <summary>What is wrong with a template of the shop; null if it can be used.</summary>
    public static string? Complaint(string path)
    {
        var file = Path.GetFileName(path);
        try
        {
            var source = OfFile(path);
            var rendered = source.Render(ValuesOf(source.Template).ToDictionary(name => name, name => $"https://shop.example/{name}"));
            var missing = Given[source.Template].FirstOrDefault(
                name => name is Code or Link && !rendered.Text.Contains($"https://shop.example/{name}", StringComparison.Ordinal));
            return missing is null ? null : $"{file} does not show {{{{ {missing} }}}}.";
        }
        catch (FluidException unknown)
        {
            return $"{file}: {unknown.Message.TrimEnd('.')}. {Values(file)}";
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>Fills in the values. They are values only: nothing in them is a template, markup, or a new line.</summary>
    public RenderedMessage Render(IReadOnlyDictionary<string, string> values)
    {
        var clean = values.ToDictionary(value => value.Key, value => MessageText.OneLine(value.Value));
        var text = MessageText.Tidy(Text.Render(MessageText.Context(clean), NullEncoder.Default));
        var subject = MessageText.OneLine(Subject.Render(MessageText.Context(clean), NullEncoder.Default)).Trim();
        return new(Language, subject, text, MessageHtml.Of(Language, subject, text, clean.GetValueOrDefault(Code), clean.GetValueOrDefault(Link)));
    }

    private static TemplateSource Parse(string file, string source)
    {
        var parts = Path.GetFileNameWithoutExtension(file).Split('.');
        if (parts is not [var name, var language] || Find(name) is not { } template || !LanguageTags.TryNormalise(language, out var tag))
        {
            var names = string.Join(", ", Enum.GetValues<Template>().Select(NameOf));
            throw new FormatException($"{file} is not the name of a template in a language, such as verify_email.en.liquid. The templates are {names}.");
        }

        var (subject, text) = Split(file, ChannelOf(template), source.ReplaceLineEndings("\n"));
        return new(template, tag, Compile(file, subject), Compile(file, text));
    }

    private static (string Subject, string Text) Split(string file, Channel channel, string source)
    {
        if (channel == Channel.Sms)
        {
            return ("", source);
        }

        var lines = source.Split('\n', 2);
        return lines is [var first, var rest] && first.StartsWith(SubjectMark, StringComparison.Ordinal)
            ? (first[SubjectMark.Length..], rest)
            : throw new FormatException($"{file} does not begin with a line such as: {SubjectMark}Confirm your e-mail address");
    }

    private static IFluidTemplate Compile(string file, string source) => Parser.TryParse(source, out var template, out var error)
        ? template
        : throw new FormatException($"{file}: {error.ReplaceLineEndings(" ")}");

    private static string Values(string file) => Find(file.Split('.')[0]) is { } template
        ? $"It may use {string.Join(", ", ValuesOf(template))}, and the filters of Liquid."
        : "";

    private static Template? Find(string name) => Enum.GetValues<Template>().Where(template => NameOf(template) == name).Cast<Template?>().FirstOrDefault();

    private static string NameOf(Template template) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{template}");
}
