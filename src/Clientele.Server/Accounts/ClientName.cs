namespace Clientele.Server.Accounts;

/// <summary>
/// The short name of the program that sent a request, from its <c>User-Agent</c>: a well-known browser and its system, or the name of the product. The
/// header is the client's own text. Only ASCII letters, digits, hyphens and underscores of it are shown, and no version, which changes too often.
/// </summary>
internal static class ClientName
{
    public const string Unknown = "Unknown client";
    private const int LongestHeader = 1000;
    private const int LongestProduct = 30;

    /// <summary>The first one that is found: most browsers also name those that they are derived from.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("EdgiOS/", "Edge"),
        ("OPR/", "Opera"),
        ("OPT/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Vivaldi/", "Vivaldi"),
        ("YaBrowser/", "Yandex Browser"),
        ("UCBrowser/", "UC Browser"),
        ("DuckDuckGo/", "DuckDuckGo"),
        ("Ddg/", "DuckDuckGo"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    /// <summary>The first one that is found: Android also names Linux, and an iPhone macOS.</summary>
    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];

    public static string Of(string userAgent)
    {
        var header = userAgent.Length > LongestHeader ? userAgent[..LongestHeader] : userAgent;
        var program = header.StartsWith("Mozilla/", StringComparison.Ordinal) ? Find(Browsers, header) ?? "Browser" : Product(header);
        return program is null ? Unknown : Find(Systems, header) is { } system ? $"{program} on {system}" : program;
    }

    /// <summary>The beginning of a header such as <c>okhttp/4.12.0</c>; null if it is no name. A dot ends it, so that no mail shows a host's name.</summary>
    private static string? Product(string header)
    {
        var end = 0;
        while (end < header.Length && end < LongestProduct && (char.IsAsciiLetterOrDigit(header[end]) || header[end] is '-' or '_'))
        {
            end++;
        }

        return header.AsSpan(0, end).ContainsAnyInRange('A', 'Z') || header.AsSpan(0, end).ContainsAnyInRange('a', 'z') ? header[..end] : null;
    }

    private static string? Find((string Mark, string Name)[] known, string header) =>
        Array.Find(known, one => header.Contains(one.Mark, StringComparison.Ordinal)).Name;
}
