namespace Clientele.Server.Messages;

/// <summary>The texts of all messages: those of the service, replaced by those of the shop where it has its own.</summary>
internal sealed class Templates(IOptions<MessageSettings> settings, IOptions<Store> store)
{
    private readonly Lazy<Dictionary<(Template, string), TemplateSource>> _sources = new(() => Read(settings.Value.Templates));

    /// <summary>The languages in which a template exists.</summary>
    public IReadOnlyList<string> LanguagesOf(Template template) =>
        [.. _sources.Value.Keys.Where(key => key.Item1 == template).Select(key => key.Item2).Order(StringComparer.Ordinal)];

    /// <summary>A message in a language, or in English if there is none in that language: <c>de-AT</c> is German.</summary>
    public RenderedMessage Render(Template template, string language, IReadOnlyDictionary<string, string> values)
    {
        string[] languages = [language, language.Split('-')[0], TemplateSource.Fallback];
        var source = languages.Select(one => _sources.Value.GetValueOrDefault((template, one))).First(one => one is not null)!;
        return source.Render(new Dictionary<string, string>(values) { [TemplateSource.Shop] = store.Value.Name });
    }

    private static Dictionary<(Template, string), TemplateSource> Read(string? folder)
    {
        var sources = TemplateSource.BuiltIn();
        var own = string.IsNullOrEmpty(folder) ? [] : Directory.EnumerateFiles(folder, "*.liquid").Select(TemplateSource.OfFile);
        var all = new Dictionary<(Template, string), TemplateSource>();
        foreach (var source in sources.Concat(own))
        {
            all[(source.Template, source.Language)] = source;
        }

        return all;
    }
}
