using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Clientele.Server.Http;

/// <summary>Examples of whole bodies, built from the examples of their members.</summary>
internal static class OpenApiExamples
{
    /// <summary>An example of the type; with members for admins only if <paramref name="admin"/> is true.</summary>
    public static JsonNode? Of(Type type, bool admin)
    {
        var info = Wire.ForAdmins.GetTypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                var body = new JsonObject();
                foreach (var property in info.Properties.Where(property => admin || !Wire.IsAdminOnly(property)))
                {
                    if (OpenApiTexts.Example(property) is not null)
                    {
                        body[property.Name] = Of(property);
                    }
                    else if (Of(property.PropertyType, admin) is { } nested)
                    {
                        body[property.Name] = nested;
                    }
                }

                return body;
            case JsonTypeInfoKind.Enumerable when Of(info.ElementType!, admin) is { } item:
                return new JsonArray(item);
            default:
                return null;
        }
    }

    /// <summary>The member's own example; it may be JSON null.</summary>
    public static JsonNode? Of(JsonPropertyInfo property)
    {
        if (OpenApiTexts.Example(property) is not { } text || text == "null")
        {
            return null;
        }

        var isText = !text.StartsWith('"') && Wire.ForAdmins.GetTypeInfo(property.PropertyType).Kind == JsonTypeInfoKind.None
            && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is var type
            && (type == typeof(string) || type == typeof(Guid) || type == typeof(DateOnly) || type == typeof(DateTime));
        return isText ? JsonValue.Create(text) : JsonNode.Parse(text);
    }
}
