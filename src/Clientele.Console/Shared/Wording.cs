using System.Globalization;

namespace Clientele.ConsoleApp.Shared;

/// <summary>Names and values of the API in the words of a page.</summary>
internal static class Wording
{
    /// <summary>A snake_case name as a label: <c>last_order_date</c> is "Last order date".</summary>
    public static string Label(string? name) => name is not { Length: > 0 } ? "" : Capital(Words(name));

    /// <summary>The same inside a sentence.</summary>
    public static string Words(string name) => name.Replace('_', ' ').Replace('.', ' ').Replace("totp", "authenticator app", StringComparison.Ordinal);

    /// <summary>A whole number in the format of the browser.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A number with its sign, in the format of the browser.</summary>
    public static string Signed(long number) => number.ToString("+#,##0;−#,##0;0", CultureInfo.CurrentCulture);

    /// <summary>A number of hundredths in the format of the browser: "12.5%".</summary>
    public static string Percent(decimal hundredths) => (hundredths / 100).ToString(hundredths % 1 == 0 ? "P0" : "P2", CultureInfo.CurrentCulture);

    /// <summary>"3 orders", "1 order".</summary>
    public static string Count(long number, string one, string? many = null) => $"{Number(number)} {Of(number, one, many ?? one + "s")}";

    /// <summary>The word for one or for many: <c>Of(n, "is", "are")</c>.</summary>
    public static string Of(long number, string one, string many) => number == 1 ? one : many;

    /// <summary>Who made a change.</summary>
    public static string Actor(string role) => role switch
    {
        "customer" => "the customer",
        "admin" => "an admin",
        "key" => "another system",
        "anonymous" => "the registration",
        "command_line" => "the command line",
        _ => Words(role),
    };

    /// <summary>What a change was about: <c>address/7</c> is "Address #7".</summary>
    public static string Resource(string resource) =>
        resource.Split('/') is [var kind, var id] ? $"{Label(kind)} #{id}" : resource;

    /// <summary>Why a customer is or is not in a group.</summary>
    public static string Origin(string origin) => origin switch
    {
        "rule" => "By rule",
        "included" => "Added by hand",
        "excluded" => "Excluded by hand",
        "kept" => "Kept from a rule",
        _ => Label(origin),
    };

    /// <summary>The attributes of a table: its name for screen readers.</summary>
    public static Dictionary<string, object?> Named(string label) => new() { ["aria-label"] = label };

    /// <summary>A text of the API that begins a line.</summary>
    public static string Sentence(string text) => text.Length == 0 ? text : Capital(text);

    private static string Capital(string text) => char.ToUpper(text[0], CultureInfo.CurrentCulture) + text[1..];
}
