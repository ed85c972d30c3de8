using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Segments;

/// <summary>Texts and numbers in the form in which rules compare them.</summary>
internal static class NaiveText
{
    /// <summary>Removes case and compatibility forms; accents stay.</summary>
    public static string Fold(string text) => text.Normalize(NormalizationForm.FormKD).ToUpperInvariant()
        .Replace("ß", "SS", StringComparison.Ordinal).Replace("ẞ", "SS", StringComparison.Ordinal).Normalize(NormalizationForm.FormKC);

    public static bool Same(string left, string right) => Fold(left) == Fold(right);

    public static decimal Decimal(JsonNode value) => decimal.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    public static double Double(JsonNode value) => double.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
