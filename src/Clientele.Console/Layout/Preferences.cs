using Microsoft.JSInterop;

namespace Clientele.ConsoleApp.Layout;

/// <summary>What a person has chosen in this browser: the theme, and the language of dates and numbers. <c>js/boot.js</c> reads the same values.</summary>
internal sealed class Preferences(IJSRuntime js)
{
    private const string ThemeKey = "clientele.theme";
    private const string LanguageKey = "clientele.language";
    private const string ShortcutsKey = "clientele.shortcuts";

    /// <summary>The languages that can be chosen, by their names in themselves.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, string>> Languages =
    [
        new("cs-CZ", "Čeština"), new("da-DK", "Dansk"), new("de-DE", "Deutsch"), new("de-AT", "Deutsch (Österreich)"), new("de-CH", "Deutsch (Schweiz)"),
        new("en-GB", "English (United Kingdom)"), new("en-US", "English (United States)"), new("es-ES", "Español"), new("fr-FR", "Français"),
        new("it-IT", "Italiano"), new("hu-HU", "Magyar"), new("nl-NL", "Nederlands"), new("nb-NO", "Norsk bokmål"), new("pl-PL", "Polski"),
        new("pt-BR", "Português (Brasil)"), new("pt-PT", "Português (Portugal)"), new("ro-RO", "Română"), new("fi-FI", "Suomi"), new("sv-SE", "Svenska"),
        new("tr-TR", "Türkçe"), new("el-GR", "Ελληνικά"), new("uk-UA", "Українська"), new("ja-JP", "日本語"), new("zh-CN", "简体中文"), new("ko-KR", "한국어"),
    ];

    private readonly IJSInProcessRuntime _js = (IJSInProcessRuntime)js;

    /// <summary>The theme.</summary>
    public ThemeChoice Theme => Enum.TryParse<ThemeChoice>(Read(ThemeKey), ignoreCase: true, out var chosen) ? chosen : ThemeChoice.System;

    /// <summary>The language of dates and numbers; empty for the browser's.</summary>
    public string Language => Read(LanguageKey) ?? "";

    /// <summary>Chooses a theme.</summary>
    public void Choose(ThemeChoice theme) => Write(ThemeKey, theme == ThemeChoice.System ? "" : theme == ThemeChoice.Dark ? "dark" : "light");

    /// <summary>Whether single keys are shortcuts. <c>js/keys.js</c> reads the same value.</summary>
    public bool Shortcuts
    {
        get => Read(ShortcutsKey) != "off";
        set => Write(ShortcutsKey, value ? "" : "off");
    }

    /// <summary>Chooses a language; empty for the browser's. It takes effect when the console is loaded again.</summary>
    public void ChooseLanguage(string language) => Write(LanguageKey, language);

    private string? Read(string key) => _js.Invoke<string?>("clientele.preference", key);

    private void Write(string key, string value) => _js.InvokeVoid("clientele.choose", key, value);
}
