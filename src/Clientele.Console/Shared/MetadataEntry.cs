using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.ConsoleApp.Shared;

/// <summary>One of the shop's own members of a customer: a text, a number, or yes or no.</summary>
public sealed class MetadataEntry
{
    public const string TextKind = "text", NumberKind = "number", FlagKind = "flag";

    public string Key { get; set; } = "";

    public string Kind { get; set; } = TextKind;

    /// <summary>The text or the number.</summary>
    public string Text { get; set; } = "";

    public bool Flag { get; set; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Complaint => Kind == NumberKind && Number is null ? "Must be a number such as 12.5." : null;

    private decimal? Number => decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static MetadataEntry Of(string key, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => new() { Key = key, Kind = FlagKind, Flag = value.GetBoolean() },
        JsonValueKind.Number => new() { Key = key, Kind = NumberKind, Text = value.GetRawText() },
        _ => new() { Key = key, Text = value.GetString() ?? "" },
    };

    public MetadataEntry Clone() => new() { Key = Key, Kind = Kind, Text = Text, Flag = Flag };

    public JsonNode Value() => Kind switch
    {
        FlagKind => JsonValue.Create(Flag),
        NumberKind when Number is { } number => JsonValue.Create(number),
        _ => JsonValue.Create(Text),
    };

    public override string ToString() => $"{Key}: {(Kind == FlagKind ? Flag ? "yes" : "no" : Text)}";
}
