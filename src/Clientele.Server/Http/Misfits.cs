using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Clientele.Server.Http;

/// <summary>Finds every place in a value from a client that does not fit its type, and says what would fit.</summary>
internal static class Misfits
{
    /// <summary>The type of a member. A converter on the member takes precedence over that of its type.</summary>
    public static JsonTypeInfo TypeOf(JsonPropertyInfo property)
    {
        var converters = property.AttributeProvider!.GetCustomAttributes(typeof(JsonConverterAttribute), inherit: true);
        if (converters is not [JsonConverterAttribute { ConverterType: { } converter }])
        {
            return Wire.ForAdmins.GetTypeInfo(property.PropertyType);
        }

        var options = new JsonSerializerOptions(Wire.ForAdmins);
        options.Converters.Insert(0, (JsonConverter)Activator.CreateInstance(converter)!);
        return options.GetTypeInfo(property.PropertyType);
    }

    public static bool TryRead(JsonElement value, JsonTypeInfo type, out object? read)
    {
        try
        {
            read = value.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            read = null;
            return false;
        }
    }

    /// <summary>Adds the errors of a member that does not fit its type.</summary>
    public static void Report(JsonElement value, JsonTypeInfo type, string member, Errors errors)
    {
        var before = errors.Count;
        Report(value, type, member, member, errors);
        if (errors.Count == before)
        {
            errors.Add(member, Expected(type.Type, member));
        }
    }

    /// <summary>Descends only into the parts that do not fit either, such as <c>lines/3/quantity</c>.</summary>
    private static void Report(JsonElement value, JsonTypeInfo type, string at, string name, Errors errors)
    {
        if (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (index, item) in value.EnumerateArray().Index())
            {
                ReportUnlessFit(item, Wire.ForAdmins.GetTypeInfo(element), string.Create(CultureInfo.InvariantCulture, $"{at}/{index}"), name, errors);
            }
        }
        else if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in type.Properties)
            {
                if (value.TryGetProperty(member.Name, out var inside))
                {
                    ReportUnlessFit(inside, TypeOf(member), $"{at}/{member.Name}", member.Name, errors, member.IsSetNullable);
                }
                else if (member.IsRequired)
                {
                    errors.Add($"{at}/{member.Name}", "This member is required.");
                }
            }
        }
        else
        {
            errors.Add(at, Expected(Nullable.GetUnderlyingType(type.Type) ?? type.Type, name));
        }
    }

    private static void ReportUnlessFit(JsonElement value, JsonTypeInfo type, string at, string name, Errors errors, bool nullable = true)
    {
        if (errors.IsFull)
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Null && !nullable && !type.Type.IsValueType)
        {
            errors.Add(at, "This member may not be null.");
        }
        else if (!TryRead(value, type, out _))
        {
            Report(value, type, at, name, errors);
        }
    }

    private static string Expected(Type type, string name) => type switch
    {
        _ when type == typeof(string) => "Must be text.",
        _ when type == typeof(bool) => "Must be true or false.",
        _ when type == typeof(decimal) && name == "exchange_rate" => "Must be a number with at most ten decimal places, such as \"1.0855\".",
        _ when type == typeof(decimal) => "Must be a number with at most two decimal places, such as \"12.50\".",
        _ when type == typeof(DateOnly) => "Must be a date: YYYY-MM-DD.",
        _ when type == typeof(DateTime) => "Must be an instant: 2025-10-15T14:30:00Z.",
        _ when type == typeof(int) || type == typeof(long) => "Must be a whole number.",
        _ when type == typeof(CustomerReference) => "Must be a customer's id, uuid or e-mail.",
        _ when type == typeof(IReadOnlyList<string>) => "Must be a list of texts.",
        _ when type == typeof(IReadOnlyList<long>) => "Must be a list of whole numbers.",
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => "Must be a list of objects.",
        _ => "Must be an object.",
    };
}
